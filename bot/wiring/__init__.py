"""From settings to the parts of a running bot."""
