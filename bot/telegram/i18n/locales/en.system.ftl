# Said by the plumbing, whatever was being done.
system-error = 😕 Something went wrong on our side. You were not charged for this. Please try again.
system-stale-button = This button no longer works.
alert-update-given-up = 📭 I gave up on update <code>{ $update }</code> after { $attempts } attempts, and apologised to its sender. The log says why; the update stays in the inbox table for two days.
alert-update-unreadable = 📭 I cannot read update <code>{ $update }</code>: it is of a form that this version does not know. The log says more; the update stays in the inbox table for two days.
