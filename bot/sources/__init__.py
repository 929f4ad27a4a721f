"""Other monitors' alerts: one file a source, from its JSON to what was heard, and who may send it."""
