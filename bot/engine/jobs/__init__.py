"""The life of an order after Confirm: admission, submission, leases, settlement."""
