"""Changes to the world that are previewed, approved, applied, verified and undone."""
