"""A finished PDF is checked against what its edition must be."""
