"""Streams: what serving processes say of their answers as they are judged, and what that shows."""
