"""What can be turned on the emulator: limits, sizes and lifetimes, with Telegram's values as defaults."""

from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Limits:
    """Flood limits of a bot; `scale` multiplies every rate (10 = ten times as permissive)."""

    enabled: bool = True
    overall_per_second: float = 30.0
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    scale: float = 1.0


@dataclass(slots=True)
class Config:
    """One emulated bot and its server; times in seconds, sizes in bytes."""

    token: str = "424242:sandbox-token"  # noqa: S105 - a made-up token of an emulated server
    bot_username: str = "easel_bot"
    bot_name: str = "Easel"
    privacy: bool = True
    ephemeral: bool = True
    """Whether groups take ephemeral messages; else they are refused."""
    limits: Limits = field(default_factory=Limits)
    inline: bool = True
    inline_feedback: bool = True
    """Whether the bot hears which inline results are chosen."""
    inline_ttl: float = 30.0
    guest: bool = False
    """Whether the bot can be called in chats of which it is no member."""
    guest_ttl: float = 15.0
    callback_ttl: float = 60.0
    photo_upload: int = 10 * MEGABYTE
    file_upload: int = 50 * MEGABYTE
    photo_by_url: int = 5 * MEGABYTE
    file_by_url: int = 20 * MEGABYTE
    download: int = 20 * MEGABYTE
    url_timeout: float = 20.0
    webhook_timeout: float = 30.0
    webhook_backoff: float = 1.0
    webhook_backoff_max: float = 60.0
    long_poll_max: float = 50.0
    files_kept: int = 5_000
    file_bytes_kept: int = 512 * MEGABYTE
    messages_kept: int = 5_000
    chats_kept: int = 50_000

    @property
    def bot_id(self) -> int:
        """The numeric part of the token."""
        return int(self.token.split(":", 1)[0])
