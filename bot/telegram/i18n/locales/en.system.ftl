# Said by the plumbing, whatever was being done.
system-error = 😕 Something broke on my side. Nothing was charged. Please try again.
system-stale-button = This button no longer works.
alert-update-given-up = 📭 I gave up on the update <code>{ $update }</code> after { $attempts } attempts and apologised to its sender. The log says why. The update stays in the inbox table for two days.
alert-update-unreadable = 📭 I cannot read the update <code>{ $update }</code>: this version does not know its form. The log says more. The update stays in the inbox table for two days.
