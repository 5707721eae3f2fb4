"""Finished results: the history of them, their original files, and what replaces lost ones."""
