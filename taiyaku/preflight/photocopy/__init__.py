"""What is left of a page on a copy of a copy."""
