"""What every provider may have set, and how settings are read."""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.checks import Address, Concurrency, Key, Rate

ENCODING: Final = "utf-8-sig"
"""With or without the mark that some editors put first."""
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
