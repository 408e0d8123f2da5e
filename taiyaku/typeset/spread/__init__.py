"""Facing pages: a spread is cut into its two pages."""
