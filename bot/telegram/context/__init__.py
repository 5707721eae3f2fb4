"""What handlers share within a process: services, caches, limits, the operator's texts."""
