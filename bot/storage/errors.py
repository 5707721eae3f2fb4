"""What can be wrong with the database itself. Every text is for the operator and holds no password."""


class StorageError(Exception):
    """Base of these errors."""


class DatabaseBusy(StorageError):
    """Another process writes to this SQLite file."""

    def __init__(self, holder: str = "") -> None:
        who = f" (process {holder})" if holder else ""
        super().__init__(f"another Easel process{who} uses this database: stop the bot first")


class DatabaseUnavailable(StorageError):
    """The database cannot be opened: no file, no folder, no server, refused credentials."""


class DatabaseUrlInvalid(StorageError):
    """DATABASE_URL is not one that Easel understands. The text never repeats it: it may hold a password."""


class DatabaseClosed(StorageError):
    """A transaction was asked for after close(), or a write of a database opened for reading."""
