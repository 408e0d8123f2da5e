"""Pairs of texts become HTML: rows, back matter, index, measures."""
