"""neuroflash: blocking generations and edits, with a history that is shared by all keys of a workspace."""
