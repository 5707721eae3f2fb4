"""The only reader of the environment: every setting with its bounds, checked at the start, told as a list of fixes."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TOKEN = re.compile(r"^\d+:[A-Za-z0-9_-]{3,}$")
SECRET = re.compile(r"^[A-Za-z0-9_-]{16,256}$")
"""Bot API, setWebhook: 1-256 characters of this alphabet; Easel wants at least 16 of them."""


class SettingsError(Exception):
    """Missing or wrong settings; the text is the readable list of what to fix."""


def _id_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _token(value: SecretStr) -> SecretStr:
    if not TOKEN.match(value.get_secret_value()):
        raise ValueError("looks like 123456789:AAF…, as @BotFather gives it")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not SECRET.match(value.get_secret_value()):
        raise ValueError("16 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return value


def _address(value: str) -> str:
    if value and not re.match(r"^https?://[^/\s]+", value):
        raise ValueError("an address that begins with https:// (or http://)")
    return value.rstrip("/")


def _database(value: str) -> str:
    if not re.match(r"^(sqlite:///.+|postgres(ql)?://.+)$", value):
        raise ValueError("sqlite:///path/to/file.db or postgresql://user:password@host/name")
    return value


Address = Annotated[str, AfterValidator(_address)]
Rate = Annotated[Decimal, Field(gt=0, le=10_000)]
Concurrency = Annotated[int, Field(ge=1, le=100_000)]
Amount = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2)]


CONFIG = SettingsConfigDict(
    env_file=".env",
    env_file_encoding="utf-8",
    env_ignore_empty=True,
    extra="ignore",
    frozen=True,
    hide_input_in_errors=True,
)


class ProviderSettings(BaseSettings):
    """What every provider may have set, under its name: `<NAME>_API_KEY`, `<NAME>_BASE_URL` and so on."""

    model_config = CONFIG

    api_key: SecretStr | None = None
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
    upload_limit_mb: Annotated[int, Field(ge=1, le=2000)] = 50
    admin_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_id_list)] = ()
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///easel.db"
    default_language: Annotated[str, Field(pattern="^[a-z]{2}(-[a-z]{2})?$")] = "en"
    locales_dir: Path | None = None

    welcome_credits: Amount = Decimal(0)
    welcome_per_hour: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    topup_contact: Annotated[str, Field(max_length=200)] = ""
    max_topup: Annotated[Decimal, Field(gt=0, le=10_000_000)] = Decimal(100_000)
    confirm_topup_above: Amount = Decimal(1000)

    blocked_words_file: Path | None = None
    orders_per_minute: Annotated[int, Field(ge=0, le=10_000)] = 10
    all_orders_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    new_user_orders_per_day: Annotated[int, Field(ge=0, le=10_000)] = 20
    updates_per_minute: Annotated[int, Field(ge=0, le=100_000)] = 90
    terms_file: Path | None = None
    privacy_file: Path | None = None
    forget_secret: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")

    active_jobs_per_user: Annotated[int, Field(ge=1, le=100)] = 5
    running_cancels_per_hour: Annotated[int, Field(ge=0, le=1000)] = 5
    queue_length: Annotated[int, Field(ge=1, le=100_000)] = 1000
    queue_wait_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    ready_after_seconds: Annotated[float, Field(ge=0)] = 30
    result_max_mb: Annotated[int, Field(ge=1, le=4000)] = 200
    allow_private_result_hosts: bool = False
    drain_seconds: Annotated[float, Field(ge=0, le=600)] = 20
    catalog_file: Path | None = None

    ai_now_api_key: SecretStr | None = None
    ai_now_base_url: Address = "https://api.ai-now.space"
    ai_now_credits_per_token: Rate = Decimal(1)
    ai_now_concurrency: Concurrency = 4
    neuroartist_api_key: SecretStr | None = None
    neuroartist_base_url: Address = "https://neuroartist.ru/api/v1"
    neuroartist_credits_per_unit: Rate | None = None
    neuroartist_markup: Rate | None = None
    neuroartist_concurrency: Concurrency | None = None
    naive_api_key: SecretStr | None = None
    naive_base_url: Address = "https://api.usenaive.ai"
    naive_credits_per_unit: Rate | None = None
    naive_markup: Rate | None = None
    naive_concurrency: Concurrency | None = None
    neuroapi_api_key: SecretStr | None = None
    neuroapi_base_url: Address = "https://neuroapi.host/v1"
    neuroapi_credits_per_unit: Rate | None = None
    neuroapi_markup: Rate | None = None
    neuroapi_concurrency: Concurrency | None = None
    neuroflash_api_key: SecretStr | None = None
    neuroflash_workspace_id: Annotated[str, Field(max_length=200)] = ""
    neuroflash_base_url: Address = "https://app.neuroflash.com/api/ds-prototypes"
    neuroflash_credits_per_unit: Rate | None = None
    neuroflash_markup: Rate | None = None
    neuroflash_concurrency: Concurrency | None = None
    allow_no_safety: bool = False
    live_price_fallback: Annotated[str, Field(pattern="^(catalog|off)$")] = "catalog"
    live_price_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    low_balance: Annotated[Decimal, Field(ge=0)] = Decimal(0)

    public_url: Address = ""
    media_secret: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    rich_collage: bool = False
    staging_chat_id: int | None = None
    chat_instruction: Annotated[str, Field(max_length=4000)] = ""
    improve_prompt_free: bool = True

    probe_after_seconds: Annotated[float, Field(ge=1)] = 600
    ping_every_seconds: Annotated[float, Field(ge=1)] = 60

    webhook_url: Address = ""
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    log_format: Annotated[str, Field(pattern="^(console|json)$")] = "console"

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

    @model_validator(mode="after")
    def _webhook_needs_its_secret(self) -> Self:
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            raise ValueError("WEBHOOK_SECRET must be set when WEBHOOK_URL is: without it anybody could post updates")
        return self


def load_settings(env_file: str | None = ".env") -> Settings:
    """The settings of this process. Raises SettingsError with one line per problem."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _explain(error: ValidationError, prefix: str = "") -> str:
    lines = ["Easel cannot start. Fix these settings (in the environment or in .env):"]
    for problem in error.errors(include_url=False, include_input=False):
        name = prefix + str(problem["loc"][0]).upper() if problem["loc"] else prefix.rstrip("_")
        said = "is missing" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        lines.append(f"  - {name}: {said}" if name else f"  - {said}")
    lines.append("Every setting is described in .env.example.")
    return "\n".join(lines)
