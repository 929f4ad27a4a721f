"""Rules that read the profile of a window and return findings."""
