"""A sixth provider, as docs/adding-a-provider.md describes it: one file, one simulator, catalogue entries."""
