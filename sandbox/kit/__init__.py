"""What the simulators of generation services share: faults on demand, logs, result files, control routes, servers."""
