"""Coordinated response, from the declaration to the post-mortem."""
