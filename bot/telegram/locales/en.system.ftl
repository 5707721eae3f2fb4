# Said by the plumbing, whatever was being done.
system-error = 😕 Something went wrong on our side. You were not charged for this. Please try again.
system-stale-button = This button no longer works.
