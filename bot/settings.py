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

from bot.domain.users import LARGEST_ID
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
    if value is not None and (value == 0 or abs(value) > LARGEST_ID):
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
UserId = Annotated[int, Field(gt=0, lt=LARGEST_ID + 1)]
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
    """The provider's key. Empty: its models are not offered."""
    base_url: Address = ""
    """The address of its API. Required with the key, because it belongs to it."""
    credits_per_unit: Rate | None = None
    """Credits for one unit that it counts in. Empty: as the catalogue says."""
    markup: Rate | None = None
    """What its price is multiplied by. Empty: as the catalogue says."""
    concurrency: Concurrency | None = None
    """Jobs there at the same time. Empty: as the catalogue says."""
    workspace_id: Annotated[str, Field(max_length=200)] = ""
    """Only where it wants a workspace beside the key."""

    @model_validator(mode="after")
    def _key_needs_its_address(self) -> Self:
        if self.api_key is not None and not self.base_url:
            raise ValueError("the address belongs to the key: set _BASE_URL when _API_KEY is set")
        return self


class Settings(BaseSettings):
    """Read from the environment and from `.env`. An empty value counts as not set."""

    model_config = CONFIG

    bot_token: Annotated[SecretStr, AfterValidator(_token)]
    """The bot's token from @BotFather, like 123456789:AAF... Required: without it there is no bot."""
    telegram_api_url: Address = "https://api.telegram.org"
    """The Bot API server: Telegram's, or your own (--local takes uploads of 2 GB, see UPLOAD_LIMIT_MB)."""
    telegram_proxy: ProxyUrl = SecretStr("")
    """A proxy for TELEGRAM_API_URL, where this machine cannot reach it: http://user:password@host:port or socks5://…
    Empty: no proxy."""
    upload_limit_mb: Annotated[int, Field(ge=1, le=2000)] = 50
    """MB that the Bot API server takes in one upload; a larger result becomes a link. 50 is what api.telegram.org
    takes."""
    admin_ids: Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(_id_list)] = ()
    """Telegram ids of the admins, separated by commas. @userinfobot tells you yours. Empty: there is no admin."""
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///easel.db"
    """sqlite:///path/to/file.db (four slashes for an absolute path) or postgresql://user:password@host/name. A file is
    enough for one process; several need PostgreSQL."""
    default_language: Annotated[str, Field(pattern="^[a-z]{2}(-[a-z]{2})?$")] = "en"
    """The language of users whose own Easel does not speak: en, ru, or one of LOCALES_DIR."""
    locales_dir: Annotated[Path | None, AfterValidator(_folder)] = None
    """A folder with languages of your own, one file for each (docs/adding-a-language.md). Empty: English and Russian
    only."""

    welcome_credits: Amount = Decimal(0)
    """Credits given once to each user who starts the bot. 0, none, because credits cost the operator money."""
    welcome_per_hour: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    """How many new users get them per hour, all together, so that a farm of accounts cannot take more; the others are
    told when. Who topped up never waits. 0: any number."""
    topup_contact: Annotated[str, Field(max_length=200)] = ""
    """How users get credits: a link or a text of at most 200 characters, shown in /balance and where credits are
    missing. Empty: nothing is shown."""
    max_topup: Annotated[Decimal, Field(gt=0, le=10_000_000)] = Decimal(100_000)
    """The most credits that one /topup or /debit may move: a slip of the finger has a bound."""
    confirm_topup_above: Amount = Decimal(1000)
    """Credits: a top-up above this asks the admin once more, because a zero too many is typed quickly."""

    blocked_words_file: File = None
    """What may not be ordered: a text file with one word, phrase or /pattern/ per line; see docs/operators.md. Empty:
    nothing is blocked."""
    orders_per_minute: Annotated[int, Field(ge=0, le=10_000)] = 10
    """Orders per minute that are taken from one user, chat questions included, so that a script cannot spend in your
    name. 0: any number. Admins are never held up."""
    all_orders_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    """Orders per minute of all users together, against a crowd of accounts. 0: any number."""
    new_user_orders_per_day: Annotated[int, Field(ge=0, le=10_000)] = 20
    """Orders per day of users who never topped up, against farms of free credits; what fails does not count. 0: any
    number."""
    updates_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 90
    """Messages and taps of one user that are taken in per minute, so that one cannot keep the others waiting. More is
    left out, and the user told once; payments never are. 0: all."""
    terms_file: File = None
    """Your own text of /terms, in Telegram's HTML; rules.html is for all, rules.ru.html beside it for Russian. Empty:
    Easel's own, which are general."""
    privacy_file: File = None
    """Your own text of /privacy, likewise. Empty: Easel tells what it stores."""
    forget_secret: Secret = SecretStr("")
    """Makes the ids of people who had their data erased unreadable: 16 to 256 characters. Empty: made from BOT_TOKEN;
    then a new token lets them have welcome credits once more."""

    active_jobs_per_user: Annotated[int, Field(ge=1, le=100)] = 5
    """Unfinished jobs that one user may have, so that one cannot fill the queue."""
    running_cancels_per_hour: Annotated[int, Field(ge=0, le=1000)] = 5
    """Running jobs that one user may cancel per hour: you have paid the provider by then. Queued ones are free to
    cancel. After more orders lost in an hour, by blocking the bot or sending it away, the user's next order waits."""
    queue_length: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """Orders that may wait for one provider; further ones are refused kindly, for they would wait too long."""
    queue_wait_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    """Minutes after which an order that could not start fails; nothing is charged."""
    ready_after_seconds: Annotated[float, Field(ge=0, le=DAY, allow_inf_nan=False)] = 30
    """Seconds: a job that took longer ends with a short "Ready" that notifies, for edits do not."""
    result_max_mb: Annotated[int, Field(ge=1, le=4000)] = 200
    """The largest result that is downloaded, in MB, so that one cannot fill WORK_DIR; a larger one becomes a link."""
    work_dir: Path | None = None
    """Where results lie on their way from a provider to Telegram. Empty: "easel-work" beside SQLite's file, or where
    the bot is started. What processes that are gone left there is removed at the start."""
    work_dir_limit_mb: Annotated[int, AfterValidator(_holds_one), Field(ge=1, le=10_000_000)] = 2000
    """MB that results may take up there together, so that the disk does not fill; further ones wait. At least
    RESULT_MAX_MB."""
    allow_private_result_hosts: bool = False
    """true lets results come from private addresses and plain http: for the sandbox only, never on a server."""
    drain_seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 600
    """Seconds that running generations get to end when the bot is stopped; the bot ends as soon as the last one has.
    The longest stream takes 600. What stops the bot must wait a minute longer before it kills: see
    docs/operators.md."""
    catalog_file: File = None
    """A catalogue of models and prices of your own; see docs/operators.md. Empty: the one that comes with Easel."""

    ai_now_api_key: Key | None = None
    """AI-Now's key. Empty: its models are not offered."""
    ai_now_base_url: Address = "https://api.ai-now.space"
    """The address of AI-Now's API; another one is for tests."""
    ai_now_credits_per_token: Rate = Decimal(1)
    """Credits for one token of AI-Now's: the price that users pay for what it charges."""
    ai_now_concurrency: Concurrency = 4
    """Jobs at AI-Now at the same time; further ones wait in the queue."""
    neuroartist_api_key: Key | None = None
    """NeuroArtist's key. Empty: its models are not offered."""
    neuroartist_base_url: Address = "https://neuroartist.ru/api/v1"
    """The address of NeuroArtist's API; another one is for tests."""
    neuroartist_credits_per_unit: Rate | None = None
    """Credits for one RUB. Empty: as the catalogue says."""
    neuroartist_markup: Rate | None = None
    """What NeuroArtist's price is multiplied by. Empty: as the catalogue says."""
    neuroartist_concurrency: Concurrency | None = None
    """Jobs at NeuroArtist at the same time. Empty: as the catalogue says."""
    naive_api_key: Key | None = None
    """Naive's key. Empty: its models are not offered."""
    naive_base_url: Address = "https://api.usenaive.ai"
    """The address of Naive's API; another one is for tests."""
    naive_credits_per_unit: Rate | None = None
    """Credits for one Naive credit. Empty: as the catalogue says."""
    naive_markup: Rate | None = None
    """What Naive's price is multiplied by. Empty: as the catalogue says."""
    naive_concurrency: Concurrency | None = None
    """Jobs at Naive at the same time. Empty: as the catalogue says."""
    neuroapi_api_key: Key | None = None
    """NeuroAPI's key. Empty: its models are not offered."""
    neuroapi_base_url: Address = "https://neuroapi.host/v1"
    """The address of NeuroAPI's API; another one is for tests."""
    neuroapi_credits_per_unit: Rate | None = None
    """Credits for one RUB. Empty: as the catalogue says."""
    neuroapi_markup: Rate | None = None
    """What NeuroAPI's price is multiplied by. Empty: as the catalogue says."""
    neuroapi_concurrency: Concurrency | None = None
    """Jobs at NeuroAPI at the same time. Empty: as the catalogue says."""
    neuroflash_api_key: Key | None = None
    """neuroflash's key. Empty: its models are not offered."""
    neuroflash_workspace_id: Annotated[
        str, AfterValidator(_workspace), Field(max_length=200, validate_default=True)
    ] = ""
    """The workspace that neuroflash takes orders for. Required with NEUROFLASH_API_KEY."""
    neuroflash_base_url: Address = "https://app.neuroflash.com/api/ds-prototypes"
    """The address of neuroflash's API; another one is for tests."""
    neuroflash_credits_per_unit: Rate | None = None
    """Credits for one image. Empty: as the catalogue says."""
    neuroflash_markup: Rate | None = None
    """What neuroflash's price is multiplied by. Empty: as the catalogue says."""
    neuroflash_concurrency: Concurrency | None = None
    """Jobs at neuroflash at the same time. Empty: as the catalogue says."""
    providers_proxy: ProxyUrl = SecretStr("")
    """A proxy for all providers and for their results: http://user:password@host:port or socks5://… Empty: no proxy."""
    allow_no_safety: bool = False
    """true lets users switch the providers' safety checkers off with --no-safety: what then comes is yours to answer
    for."""
    live_price_fallback: Annotated[Literal["catalog", "off"], BeforeValidator(_lower)] = "catalog"
    """When a provider does not tell today's price: catalog (its price holds, marked as such) or off (not sold
    meanwhile). Naive's models are not sold without today's price in any case (`fallback = false` in the catalogue)."""
    live_price_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    """Minutes for which a price counts that a provider told: asking anew for each order would slow all of them."""
    low_balance: Annotated[Decimal, Field(ge=0, le=1_000_000_000)] = Decimal(0)
    """Admins are alerted when a balance with a provider falls below this many of its units. 0: never."""

    public_url: Annotated[Address, AfterValidator(_public)] = ""
    """An https address that leads to HTTP_HOST:HTTP_PORT: providers fetch there the pictures that users send, and users
    the results that Telegram does not take and that a provider gives to you alone. Empty: pictures travel inside the
    request, and such results cost nothing."""
    media_secret: Secret = SecretStr("")
    """Signs the links below PUBLIC_URL, so that they cannot be guessed: 16 to 256 characters. Empty: made from
    BOT_TOKEN."""
    staging_chat_id: Annotated[int | None, AfterValidator(_chat)] = None
    """A chat (its numeric id) into which Easel uploads what is ordered by inline and guest mode, because inline
    messages take no uploads: a private group or channel of yours where the bot may post. Empty: nothing can be ordered
    there."""
    chat_instruction: Annotated[str, Field(max_length=4000)] = ""
    """What the chat model is told before each conversation, by you: at most 4000 characters. Empty: nothing."""
    improve_prompt_free: bool = True
    """true: "improve my prompt" costs nothing, to invite to it; false: it is charged like a chat answer."""

    probe_after_seconds: Seconds = 600
    """After a provider said "insufficient tokens": seconds until one order is let through, to see whether the balance
    was filled up."""
    ping_every_seconds: Seconds = 60
    """After a provider said "unauthorized": seconds between two looks whether the key works again."""

    webhook_url: Annotated[Address, AfterValidator(_webhook)] = ""
    """The public https address that Telegram posts updates to, on port 443, 80, 88 or 8443. Empty: long polling, which
    needs no public address."""
    webhook_secret: Annotated[Secret, AfterValidator(_secret_of_webhook), Field(validate_default=True)] = SecretStr("")
    """Required with WEBHOOK_URL, so that posts of strangers do not count as updates: 16 to 256 characters of A-Z, a-z,
    0-9, _ and -."""
    http_host: str = "127.0.0.1"
    """The address of this machine where Easel listens for /health, /metrics and the webhook. 127.0.0.1: reached
    through a reverse proxy only."""
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port of HTTP_HOST; 0 takes a free one."""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    """The least that is logged: debug, info, warning or error."""
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = "console"
    """console, to be read by people, or json, to be collected by machines."""

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
