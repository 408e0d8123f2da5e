"""A release: what people download, page by page and file by file. Pure; `release` writes it."""
