"""An order to build becomes documents in a folder: targets, one title at a time, output."""
