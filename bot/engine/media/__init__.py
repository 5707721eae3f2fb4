"""Pictures and films that belong to jobs: whose they are, their metadata, their sizes."""
