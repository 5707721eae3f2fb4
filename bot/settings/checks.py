"""What a setting's value must be, beyond its type: checks, and the types that have them."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.domain.users import LARGEST_ID
from bot.network.proxy import Proxy

TOKEN = re.compile(r"^\d+:[A-Za-z0-9_-]{3,}$")
SECRET = re.compile(r"^[A-Za-z0-9_-]{16,256}$")
"""Bot API, setWebhook: 1-256 characters of this alphabet; Easel wants at least 16 of them."""
KEY = re.compile(r"[!-~]{1,4096}")
"""What a header can carry as one word."""
TELEGRAM: Final = "https://api.telegram.org"
HOOK_PORTS: Final = (443, 80, 88, 8443)
"""Bot API, setWebhook: ports that Telegram posts to."""
DAY: Final = 86_400
NEEDED: Final = "needed"
"""The kind of a fault: what another setting makes necessary."""


def id_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def is_token(value: SecretStr) -> SecretStr:
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


def is_database(value: str) -> str:
    if not re.match(r"^(sqlite:///.+|postgres(ql)?://.+)$", value):
        raise ValueError("it names no database that Easel knows")
    return value


def webhook_address(value: str, info: ValidationInfo) -> str:
    """Telegram itself posts to https on four ports; a Bot API server of one's own posts to any address."""
    if not value or info.data.get("telegram_api_url", TELEGRAM) != TELEGRAM:
        return value
    parts = urlsplit(value)
    if parts.scheme != "https":
        raise ValueError("Telegram posts updates to https addresses only")
    if (parts.port or 443) not in HOOK_PORTS:
        raise ValueError(f"Telegram posts to the ports {', '.join(map(str, HOOK_PORTS))} only")
    return value


def public_address(value: str, info: ValidationInfo) -> str:
    """People's pictures travel on it; plain http is for the sandbox, where private hosts are allowed."""
    if value and not value.startswith("https://") and not info.data.get("allow_private_result_hosts", True):
        raise ValueError("people's pictures go to https addresses only")
    return value


def secret_of_webhook(value: SecretStr, info: ValidationInfo) -> SecretStr:
    """An address that was refused is in no `data`: it needs its secret all the same."""
    if info.data.get("webhook_url", "refused") and not value.get_secret_value():
        why = "must be set when WEBHOOK_URL is: without it, posts from strangers would count as updates"
        raise PydanticCustomError(NEEDED, why)
    return value


def _proxy(value: SecretStr) -> SecretStr:
    if value.get_secret_value():
        Proxy.parse(value.get_secret_value())
    return value


def workspace(value: str, info: ValidationInfo) -> str:
    if info.data.get("neuroflash_api_key", "refused") is not None and not value.strip():
        why = "must be set when NEUROFLASH_API_KEY is: neuroflash takes no order without its workspace"
        raise PydanticCustomError(NEEDED, why)
    return value.strip()


def holds_one_result(value: int, info: ValidationInfo) -> int:
    largest = info.data.get("result_max_mb", 0)
    if value < largest:
        raise ValueError(f"the largest result, RESULT_MAX_MB={largest}, does not fit in")
    return value


def is_chat(value: int | None) -> int | None:
    if value is not None and (value == 0 or abs(value) > LARGEST_ID):
        raise ValueError("it is the id of no chat")
    return value


def _file(value: Path | None) -> Path | None:
    if value is not None and not value.is_file():
        raise ValueError("there is a folder of that name" if value.is_dir() else "there is no such file")
    return value


def is_folder(value: Path | None) -> Path | None:
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
