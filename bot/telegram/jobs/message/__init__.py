"""The one message of a job: progress, result, album, and where it goes when its chat is gone."""
