"""Pages become sheets (imposition) or PDF/X-4 for a printing house (separation, boxes, marks)."""
