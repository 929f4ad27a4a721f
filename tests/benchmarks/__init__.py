"""The figures that Tocsin promises, measured on this machine: `make bench [ONLY=spine]`."""
