"""The only reader of the environment: every setting with its bounds, checked at the start, told as a list of fixes."""

import os
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.network.proxy import Proxy
from bot.settings_faults import explained, strange_lines

TOKEN = re.compile(r"^\d+:[A-Za-z0-9_-]{3,}$")
SECRET = re.compile(r"^[A-Za-z0-9_-]{16,256}$")
"""Bot API, setWebhook: 1-256 characters of this alphabet; Easel wants at least 16 of them."""
KEY = re.compile(r"[!-~]{1,4096}")
"""What a header can carry as one word."""
TELEGRAM: Final = "https://api.telegram.org"
HOOK_PORTS: Final = (443, 80, 88, 8443)
"""Bot API, setWebhook: ports that Telegram posts to."""
LARGEST_ID: Final = 2**52
"""Bot API, User: ids have at most 52 significant bits."""
DAY: Final = 86_400
ENCODING: Final = "utf-8-sig"
"""With or without the mark that some editors put first."""
NEEDED: Final = "needed"
"""The kind of a fault: what another setting makes necessary."""


class SettingsError(Exception):
    """Missing or wrong settings; the text is the readable list of what to fix."""


def _id_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _token(value: SecretStr) -> SecretStr:
    if not TOKEN.match(value.get_secret_value()):
        raise ValueError("it does not look like a token of @BotFather's")
    return value


def _key(value: SecretStr) -> SecretStr:
    """Blanks around a key come from copying; within one they make a request that no service understands."""
    bare = value.get_secret_value().strip()
    if not bare:
        raise ValueError("it is nothing but blanks")
    if not KEY.fullmatch(bare):
        raise ValueError("it has blanks or letters within that no key has")
    return SecretStr(bare)


def _secret(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not SECRET.match(value.get_secret_value()):
        raise ValueError("it is too short, too long, or has other characters")
    return value


def _address(value: str) -> str:
    if value and not re.match(r"^https?://[^/\s]+\S*$", value):
        raise ValueError("it is no web address")
    return value.rstrip("/")


def _database(value: str) -> str:
    if not re.match(r"^(sqlite:///.+|postgres(ql)?://.+)$", value):
        raise ValueError("it names no database that Easel knows")
    return value


def _webhook(value: str, info: ValidationInfo) -> str:
    """Telegram itself posts to https on four ports; a Bot API server of one's own posts to any address."""
    if not value or info.data.get("telegram_api_url", TELEGRAM) != TELEGRAM:
        return value
    parts = urlsplit(value)
    if parts.scheme != "https":
        raise ValueError("Telegram posts updates to https addresses only")
    if (parts.port or 443) not in HOOK_PORTS:
        raise ValueError(f"Telegram posts to the ports {', '.join(map(str, HOOK_PORTS))} only")
    return value


def _public(value: str, info: ValidationInfo) -> str:
    """People's pictures travel on it; plain http is for the sandbox, where private hosts are allowed."""
    if value and not value.startswith("https://") and not info.data.get("allow_private_result_hosts", True):
        raise ValueError("people's pictures go to https addresses only")
    return value


def _secret_of_webhook(value: SecretStr, info: ValidationInfo) -> SecretStr:
    """An address that was refused is in no `data`: it needs its secret all the same."""
    if info.data.get("webhook_url", "refused") and not value.get_secret_value():
        why = "must be set when WEBHOOK_URL is: without it, posts from strangers would count as updates"
        raise PydanticCustomError(NEEDED, why)
    return value


def _proxy(value: SecretStr) -> SecretStr:
    if value.get_secret_value():
        Proxy.parse(value.get_secret_value())
    return value


def _workspace(value: str, info: ValidationInfo) -> str:
    if info.data.get("neuroflash_api_key", "refused") is not None and not value.strip():
        why = "must be set when NEUROFLASH_API_KEY is: neuroflash takes no order without its workspace"
        raise PydanticCustomError(NEEDED, why)
    return value.strip()


def _holds_one(value: int, info: ValidationInfo) -> int:
    largest = info.data.get("result_max_mb", 0)
    if value < largest:
        raise ValueError(f"the largest result, RESULT_MAX_MB={largest}, does not fit in")
    return value


def _chat(value: int | None) -> int | None:
    if value is not None and (value == 0 or abs(value) >= LARGEST_ID):
        raise ValueError("it is the id of no chat")
    return value


def _file(value: Path | None) -> Path | None:
    if value is not None and not value.is_file():
        raise ValueError("there is a folder of that name" if value.is_dir() else "there is no such file")
    return value


def _folder(value: Path | None) -> Path | None:
    if value is not None and not value.is_dir():
        raise ValueError("there is no such folder")
    return value


Address = Annotated[str, AfterValidator(_address)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy)]
UserId = Annotated[int, Field(gt=0, lt=LARGEST_ID)]
File = Annotated[Path | None, AfterValidator(_file)]
Seconds = Annotated[float, Field(ge=1, le=DAY, allow_inf_nan=False)]
Rate = Annotated[Decimal, Field(gt=0, le=10_000)]
Concurrency = Annotated[int, Field(ge=1, le=100_000)]
Amount = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2)]


CONFIG = SettingsConfigDict(
    env_file=".env",
    env_file_encoding=ENCODING,
    env_ignore_empty=True,
    extra="ignore",
    frozen=True,
    hide_input_in_errors=True,
)


class ProviderSettings(BaseSettings):
    """What every provider may have set, under its name: `<NAME>_API_KEY`, `<NAME>_BASE_URL` and so on."""

    model_config = CONFIG

    api_key: Key | None = None
    base_url: Address = ""
    credits_per_unit: Rate | None = None
    markup: Rate | None = None
    concurrency: Concurrency | None = None
    workspace_id: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _key_needs_its_address(self) -> Self:
        if self.api_key is not None and not self.base_url:
            raise ValueError("the address belongs to the key: set _BASE_URL when _API_KEY is set")
        return self


class Settings(BaseSettings):
    """Read from the environment and from `.env`. An empty value counts as not set."""

    model_config = CONFIG

    bot_token: Annotated[SecretStr, AfterValidator(_token)]
    telegram_api_url: Address = "https://api.telegram.org"
    telegram_proxy: ProxyUrl = SecretStr("")
    upload_limit_mb: Annotated[int, Field(ge=1, le=2000)] = 50
    admin_ids: Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(_id_list)] = ()
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///easel.db"
    default_language: Annotated[str, Field(pattern="^[a-z]{2}(-[a-z]{2})?$")] = "en"
    locales_dir: Annotated[Path | None, AfterValidator(_folder)] = None

    welcome_credits: Amount = Decimal(0)
    welcome_per_hour: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    topup_contact: Annotated[str, Field(max_length=200)] = ""
    max_topup: Annotated[Decimal, Field(gt=0, le=10_000_000)] = Decimal(100_000)
    confirm_topup_above: Amount = Decimal(1000)

    blocked_words_file: File = None
    orders_per_minute: Annotated[int, Field(ge=0, le=10_000)] = 10
    all_orders_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    new_user_orders_per_day: Annotated[int, Field(ge=0, le=10_000)] = 20
    updates_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 90
    terms_file: File = None
    privacy_file: File = None
    forget_secret: Secret = SecretStr("")

    active_jobs_per_user: Annotated[int, Field(ge=1, le=100)] = 5
    running_cancels_per_hour: Annotated[int, Field(ge=0, le=1000)] = 5
    queue_length: Annotated[int, Field(ge=1, le=100_000)] = 1000
    queue_wait_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    ready_after_seconds: Annotated[float, Field(ge=0, le=DAY, allow_inf_nan=False)] = 30
    result_max_mb: Annotated[int, Field(ge=1, le=4000)] = 200
    work_dir: Path | None = None
    work_dir_limit_mb: Annotated[int, AfterValidator(_holds_one), Field(ge=1, le=10_000_000)] = 2000
    allow_private_result_hosts: bool = False
    drain_seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 600
    catalog_file: File = None

    ai_now_api_key: Key | None = None
    ai_now_base_url: Address = "https://api.ai-now.space"
    ai_now_credits_per_token: Rate = Decimal(1)
    ai_now_concurrency: Concurrency = 4
    neuroartist_api_key: Key | None = None
    neuroartist_base_url: Address = "https://neuroartist.ru/api/v1"
    neuroartist_credits_per_unit: Rate | None = None
    neuroartist_markup: Rate | None = None
    neuroartist_concurrency: Concurrency | None = None
    naive_api_key: Key | None = None
    naive_base_url: Address = "https://api.usenaive.ai"
    naive_credits_per_unit: Rate | None = None
    naive_markup: Rate | None = None
    naive_concurrency: Concurrency | None = None
    neuroapi_api_key: Key | None = None
    neuroapi_base_url: Address = "https://neuroapi.host/v1"
    neuroapi_credits_per_unit: Rate | None = None
    neuroapi_markup: Rate | None = None
    neuroapi_concurrency: Concurrency | None = None
    neuroflash_api_key: Key | None = None
    neuroflash_workspace_id: Annotated[
        str, AfterValidator(_workspace), Field(max_length=200, validate_default=True)
    ] = ""
    neuroflash_base_url: Address = "https://app.neuroflash.com/api/ds-prototypes"
    neuroflash_credits_per_unit: Rate | None = None
    neuroflash_markup: Rate | None = None
    neuroflash_concurrency: Concurrency | None = None
    providers_proxy: ProxyUrl = SecretStr("")
    allow_no_safety: bool = False
    live_price_fallback: Annotated[Literal["catalog", "off"], BeforeValidator(_lower)] = "catalog"
    live_price_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    low_balance: Annotated[Decimal, Field(ge=0, le=1_000_000_000)] = Decimal(0)

    public_url: Annotated[Address, AfterValidator(_public)] = ""
    media_secret: Secret = SecretStr("")
    staging_chat_id: Annotated[int | None, AfterValidator(_chat)] = None
    chat_instruction: Annotated[str, Field(max_length=4000)] = ""
    improve_prompt_free: bool = True

    probe_after_seconds: Seconds = 600
    ping_every_seconds: Seconds = 60

    webhook_url: Annotated[Address, AfterValidator(_webhook)] = ""
    webhook_secret: Annotated[Secret, AfterValidator(_secret_of_webhook), Field(validate_default=True)] = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = "console"

    def provider(self, name: str) -> ProviderSettings:
        """The settings of a provider of the registry. Those without fields here are read from the environment as well.

        Raises SettingsError.
        """
        if f"{name}_api_key" in type(self).model_fields:
            fields = {field: getattr(self, f"{name}_{field}", None) for field in ProviderSettings.model_fields}
            return ProviderSettings.model_construct(**{k: v for k, v in fields.items() if v is not None})
        try:
            return ProviderSettings(_env_prefix=f"{name.upper()}_")
        except ValidationError as error:
            raise SettingsError(_explain(error, f"{name.upper()}_")) from None


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
        raise SettingsError(_explain(error, secrets=_secrets(env_file), more=strange)) from None


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


def _explain(error: ValidationError, prefix: str = "", *, secrets: Iterable[str] = (), more: Iterable[str] = ()) -> str:
    model = ProviderSettings if prefix else Settings
    faults = explained(error.errors(include_url=False), model.model_fields, prefix=prefix, secrets=secrets)
    lines = ["Easel cannot start. Fix these settings (in the environment or in .env):"]
    lines += [f"  - {line}" for line in (*faults, *more)]
    lines.append("Every setting is described in .env.example.")
    return "\n".join(lines)
