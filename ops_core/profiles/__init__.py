"""Sufficient statistics of a window of data, and the arithmetic on them."""
