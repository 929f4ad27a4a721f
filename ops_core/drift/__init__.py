"""Drift over time without crying wolf: plain arrays in, p-values and frozen records out.

Every function works on leading axes (`…`): a check hands over one model, a simulation a hundred.
Axes are named D (production days, oldest first), R (days of the reference), K (cells), C (several numbers of
one kind, such as categories), W (`windows.WINDOWS`) and 7 (weekdays).
"""
