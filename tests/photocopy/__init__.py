"""For each code of the photocopy a folder: ``make.py`` gives a PDF that a copier spoils, and one that it does not."""
