"""The process that carries jobs: the worker, one runner per job, and what follows a crash."""
