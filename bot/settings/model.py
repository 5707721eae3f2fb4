"""Every setting with its bounds, and under it unit, default and reason: `make env-example` writes `.env.example`."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode

from bot.settings.checks import (
    DAY,
    Address,
    Amount,
    Concurrency,
    File,
    Key,
    ProxyUrl,
    Rate,
    Seconds,
    Secret,
    UserId,
    holds_one_result,
    id_list,
    is_chat,
    is_database,
    is_folder,
    is_token,
    lowered,
    public_address,
    secret_of_webhook,
    webhook_address,
    workspace,
)
from bot.settings.faults import SettingsError, explanation
from bot.settings.providers import CONFIG, ProviderSettings


class Settings(BaseSettings):
    """Read from the environment and from `.env`. An empty value counts as not set."""

    model_config = CONFIG

    bot_token: Annotated[SecretStr, AfterValidator(is_token)]
    """The bot's token from @BotFather, like 123456789:AAF... Required: without it there is no bot."""
    telegram_api_url: Address = "https://api.telegram.org"
    """The Bot API server: Telegram's, or your own (--local takes uploads of 2 GB, see UPLOAD_LIMIT_MB)."""
    telegram_proxy: ProxyUrl = SecretStr("")
    """A proxy for TELEGRAM_API_URL, where this machine cannot reach it: http://user:password@host:port or socks5://…
    Empty: no proxy."""
    upload_limit_mb: Annotated[int, Field(ge=1, le=2000)] = 50
    """MB that the Bot API server takes in one upload; a larger result becomes a link. 50 is what api.telegram.org
    takes."""
    admin_ids: Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(id_list)] = ()
    """Telegram ids of the admins, separated by commas. @userinfobot tells you yours. Empty: there is no admin."""
    database_url: Annotated[str, AfterValidator(is_database)] = "sqlite:///easel.db"
    """sqlite:///path/to/file.db (four slashes for an absolute path) or postgresql://user:password@host/name. A file is
    enough for one process; several need PostgreSQL."""
    default_language: Annotated[str, Field(pattern="^[a-z]{2}(-[a-z]{2})?$")] = "en"
    """The language of users whose own Easel does not speak: en, ru, or one of LOCALES_DIR."""
    locales_dir: Annotated[Path | None, AfterValidator(is_folder)] = None
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
    work_dir_limit_mb: Annotated[int, AfterValidator(holds_one_result), Field(ge=1, le=10_000_000)] = 2000
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
    templates_file: File = None
    """Ready-made ideas of your own, shown before those that come with Easel; see docs/operators.md. Empty: none."""

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
    neuroflash_workspace_id: Annotated[str, AfterValidator(workspace), Field(max_length=200, validate_default=True)] = (
        ""
    )
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
    live_price_fallback: Annotated[Literal["catalog", "off"], BeforeValidator(lowered)] = "catalog"
    """When a provider does not tell today's price: catalog (its price holds, marked as such) or off (not sold
    meanwhile). Naive's models are not sold without today's price in any case (`fallback = false` in the catalogue)."""
    live_price_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    """Minutes for which a price counts that a provider told: asking anew for each order would slow all of them."""
    adopt_models: bool = True
    """true: models that edit or animate pictures go on sale by themselves when a provider lists them, if the catalogue
    names their family, an order fills what they require, and ADOPT_MAX_PRICE allows them. Admins are told of each;
    /models off takes one off for good. false: /models sync alone puts models on sale."""
    adopt_max_price: Amount = Decimal(80)
    """Credits: a dearer model is not adopted. 80 lets in films that cost what the catalogue's own do, of which the
    dearest costs 72."""
    low_balance: Annotated[Decimal, Field(ge=0, le=1_000_000_000)] = Decimal(0)
    """Admins are alerted when a balance with a provider falls below this many of its units. 0: never."""

    public_url: Annotated[Address, AfterValidator(public_address)] = ""
    """An https address that leads to HTTP_HOST:HTTP_PORT: providers fetch there the pictures that users send, and users
    the results that Telegram does not take and that a provider gives to you alone. Empty: pictures travel inside the
    request, and such results cost nothing."""
    media_secret: Secret = SecretStr("")
    """Signs the links below PUBLIC_URL, so that they cannot be guessed: 16 to 256 characters. Empty: made from
    BOT_TOKEN."""
    staging_chat_id: Annotated[int | None, AfterValidator(is_chat)] = None
    """A chat (its numeric id) into which Easel uploads what is ordered by inline and guest mode, because inline
    messages take no uploads: a private group or channel of yours where the bot may post. Empty: nothing can be ordered
    there."""
    chat_instruction: Annotated[str, Field(max_length=4000)] = ""
    """What the chat model is told before each conversation, by you: at most 4000 characters. Empty: nothing."""
    chat_young_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
    """Minutes after an answer for which what a user just writes in private is the next question. Later it is an order
    again, so that a price is shown first. 0: questions begin with /ask."""
    voice_model: Annotated[str, Field(pattern="^[a-z0-9_]*$", max_length=32)] = ""
    """The model of the catalogue that turns voice messages into words: whisper, at NeuroAPI. Users pay its price by the
    second. Empty: voice messages are not taken, for not every service has such a model."""
    improve_prompt_free: bool = True
    """true: "improve my prompt" costs nothing, to invite to it; false: it is charged like a chat answer."""

    probe_after_seconds: Seconds = 600
    """After a provider said "insufficient tokens": seconds until one order is let through, to see whether the balance
    was filled up."""
    ping_every_seconds: Seconds = 60
    """After a provider said "unauthorized": seconds between two looks whether the key works again."""

    webhook_url: Annotated[Address, AfterValidator(webhook_address)] = ""
    """The public https address that Telegram posts updates to, on port 443, 80, 88 or 8443. Empty: long polling, which
    needs no public address."""
    webhook_secret: Annotated[Secret, AfterValidator(secret_of_webhook), Field(validate_default=True)] = SecretStr("")
    """Required with WEBHOOK_URL, so that posts of strangers do not count as updates: 16 to 256 characters of A-Z, a-z,
    0-9, _ and -."""
    http_host: str = "127.0.0.1"
    """The address of this machine where Easel listens for /health, /metrics and the webhook. 127.0.0.1: reached
    through a reverse proxy only."""
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port of HTTP_HOST; 0 takes a free one."""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = "info"
    """The least that is logged: debug, info, warning or error."""
    log_format: Annotated[Literal["console", "json"], BeforeValidator(lowered)] = "console"
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
            raise SettingsError(explanation(error, ProviderSettings, prefix=f"{name.upper()}_")) from None
