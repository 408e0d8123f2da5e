"""Languages: tags, scripts, faces, line breaks, order of words, numbers and dates in a text."""
