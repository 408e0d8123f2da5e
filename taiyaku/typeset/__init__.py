"""HTML becomes a tagged PDF: the engine, fonts, copyfitting, the structure tree, forms."""
