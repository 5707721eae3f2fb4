"""Groups: what their admins set with /group, who may do what, and what becomes of a group that moves or is left."""
