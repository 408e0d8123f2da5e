"""A typeset document is checked against its own texts: whether all stands there, and how its lines are composed."""
