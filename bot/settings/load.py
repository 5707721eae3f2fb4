"""Reads the environment and `.env`: the only place that does."""

import os
from collections.abc import Iterable

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.settings.faults import SettingsError, explanation, strange_lines
from bot.settings.model import Settings
from bot.settings.providers import ENCODING, ProviderSettings


def load_settings(env_file: str | None = ".env", also: Iterable[str] = ()) -> Settings:
    """The settings of this process; `also` as in strange_names. Raises SettingsError with one line per problem, all of
    them at once."""
    try:
        return Settings(_env_file=env_file)
    except UnicodeDecodeError:
        raise SettingsError(f"Easel cannot start. {env_file} is not UTF-8: save it in that encoding.") from None
    except OSError as error:
        raise SettingsError(
            f"Easel cannot start. {env_file} cannot be read: {error.strerror}. Let the bot's user read it."
        ) from None
    except ValidationError as error:
        strange = strange_names(env_file, also)
        raise SettingsError(explanation(error, Settings, secrets=_secrets(env_file), more=strange)) from None


def strange_names(env_file: str | None = ".env", also: Iterable[str] = ()) -> list[str]:
    """A line for each name in the file that is no setting, and for each in the environment that nearly is one: there
    compose puts what it reads from the file. `also` are further prefixes of names that are settings."""
    known = [name.upper() for name in Settings.model_fields]
    known += [f"{prefix}{name.upper()}" for prefix in also for name in ProviderSettings.model_fields]
    written = _written(env_file)
    return strange_lines(known, written, [name for name in os.environ if name not in written])


def _written(env_file: str | None) -> dict[str, str | None]:
    try:
        return dotenv_values(env_file, encoding=ENCODING, interpolate=False) if env_file is not None else {}
    except (OSError, UnicodeDecodeError):
        return {}


def _secrets(env_file: str | None) -> list[str]:
    """The values that are secret, as they were given: a message about another setting must not show them either."""
    given = {**_written(env_file), **os.environ}
    names = [name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]
    return [value for name in names if (value := given.get(name))]
