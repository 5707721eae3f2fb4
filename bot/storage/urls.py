"""DATABASE_URL understood once: which database, where, and how to name it in a log without its password."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from bot.storage.errors import DatabaseUrlInvalid

FORMS = "expected sqlite:///path/to/file.db or postgresql://user:password@host/name"


def parse(url: str) -> URL:
    """The URL with its plain dialect as driver: `sqlite` or `postgresql`. Raises DatabaseUrlInvalid."""
    try:
        parsed = make_url(url)
        dialect = parsed.get_backend_name()
    except (sa.exc.ArgumentError, ValueError):
        raise DatabaseUrlInvalid(FORMS) from None  # the cause would quote the URL
    match dialect:
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres" if parsed.database:
            return _libpq_words(parsed.set(drivername="postgresql"))
        case _:
            raise DatabaseUrlInvalid(FORMS)


def _libpq_words(url: URL) -> URL:
    """Hosted databases hand out `sslmode=`, as libpq spells it; asyncpg calls the same setting `ssl`."""
    mode = url.query.get("sslmode")
    if mode is None:
        return url
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})


def sqlite_path(url: URL) -> Path:
    """The file of a parsed SQLite URL; relative paths are relative to the working directory."""
    assert url.database is not None
    return Path(url.database).absolute()


def describe(url: URL) -> str:
    """For logs and errors: the password is `***`."""
    return url.render_as_string(hide_password=True)
