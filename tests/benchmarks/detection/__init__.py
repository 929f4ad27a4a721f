"""How fast, how right and how calm detection is."""
