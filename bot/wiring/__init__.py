"""The wiring: from settings to the parts of a process."""
