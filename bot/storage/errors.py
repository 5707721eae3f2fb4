"""What can be wrong with the database itself. Every text is for the operator and holds no password."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import DBAPIError

SQLITE_SAYS: Final[Mapping[str, str]] = {
    "SQLITE_NOTADB": "it is not a database, or is damaged: restore a backup",
    "SQLITE_CORRUPT": "it is damaged: restore a backup",
    "SQLITE_READONLY": "it cannot be written: let the bot's user write to the file and to its folder",
    "SQLITE_CANTOPEN": "it cannot be opened: let the bot's user read and write the file and its folder",
    "SQLITE_FULL": "the disk is full: make room and start again",
    "SQLITE_BUSY": "another program holds it: close that first",
}
"""What SQLite's result codes (sqlite.org/rescode.html) mean to an operator; longer codes begin like these."""


def reason(error: DBAPIError) -> str:
    """Why the database refuses, and what to do where that is known. The statement is not repeated: it holds data."""
    code = getattr(error.orig, "sqlite_errorname", "")
    known = next((told for name, told in SQLITE_SAYS.items() if code.startswith(name)), "")
    return known or " ".join(str(error.orig).split())[:300]


class StorageError(Exception):
    """Base of these errors."""


class DatabaseBusy(StorageError):
    """Another process writes to this SQLite file."""

    def __init__(self, holder: str = "") -> None:
        who = f" (process {holder})" if holder else ""
        super().__init__(f"another Easel process{who} uses this database: stop the bot first")


class DatabaseUnavailable(StorageError):
    """The database cannot be opened: no file, no folder, no server, refused credentials."""


class DatabaseLost(StorageError):
    """The database was away for longer than the caller's patience. What the caller asked for was not done, or (where
    its COMMIT was under way) is not known: it is asked for again later, by its idempotency key or fence."""


class DatabaseUrlInvalid(StorageError):
    """DATABASE_URL is not one that Easel understands. The text never repeats it: it may hold a password."""


class DatabaseClosed(StorageError):
    """A transaction was asked for after close(), or a write of a database opened for reading."""


class SchemaUnfit(StorageError):
    """The tables are not those of this Easel: another program's, none, or those of an older or newer version."""
