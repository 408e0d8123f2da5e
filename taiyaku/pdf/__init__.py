"""Any PDF as plain records: what its pages paint, its fonts, colours, structure and text."""
