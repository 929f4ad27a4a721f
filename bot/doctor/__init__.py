"""The doctor: small examinations of one shape, each with what it found and how to mend it."""
