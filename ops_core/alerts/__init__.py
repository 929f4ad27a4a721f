"""Findings that need a person."""
