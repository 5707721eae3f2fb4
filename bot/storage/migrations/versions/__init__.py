"""One module per revision, named revision_<number>. A released revision never changes."""
