"""DATABASE_URL: what is understood, and that a password never comes back out."""

import pytest

from bot.storage import urls
from bot.storage.database import DatabaseUrlInvalid


@pytest.mark.parametrize(
    ("written", "dialect", "database"),
    [
        ("sqlite:///easel.db", "sqlite", "easel.db"),
        ("sqlite:////var/lib/easel/easel.db", "sqlite", "/var/lib/easel/easel.db"),
        ("postgresql://u:p@host/name", "postgresql", "name"),
        ("postgres://u:p@host:5433/name", "postgresql", "name"),
        ("postgresql+asyncpg://u:p@host/name", "postgresql", "name"),
    ],
)
def test_understood(written: str, dialect: str, database: str) -> None:
    url = urls.parse(written)
    assert (url.drivername, url.database) == (dialect, database)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "easel.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://root:hunter22@host/db",
        "postgresql://u:hunter22@host",
        "postgresql://u:hunter22@host:port/db",
    ],
)
def test_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(DatabaseUrlInvalid, match="expected sqlite:///") as refused:
        urls.parse(written)
    assert "hunter22" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_password_is_hidden_when_named() -> None:
    assert urls.describe(urls.parse("postgres://u:hunter22@host/name")) == "postgresql://u:***@host/name"


def test_the_ssl_mode_of_libpq_becomes_the_driver_s() -> None:
    url = urls.parse("postgresql://u@host/name?sslmode=require&application_name=easel")
    assert dict(url.query) == {"ssl": "require", "application_name": "easel"}
