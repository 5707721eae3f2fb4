"""The measured processes. Each tells its driver what happened as lines of JSON on stdout."""
