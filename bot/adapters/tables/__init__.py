"""Tables of other databases as the source of a model's rows, counted where they live."""
