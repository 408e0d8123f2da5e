"""The records that pass through the rooms, findings with their wordings, units, tokens."""
