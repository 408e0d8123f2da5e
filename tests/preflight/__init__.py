"""For each code of the preflight a folder: ``make.py`` gives a PDF with that one fault, and the same without it."""
