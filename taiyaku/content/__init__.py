"""The files of content/ become records, texts and pairs."""
