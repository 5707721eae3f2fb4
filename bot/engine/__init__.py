"""The durable job engine: submit, claim, run, deliver, settle."""
