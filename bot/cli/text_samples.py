"""What `python -m bot texts` puts in place of the values: as the bot would say them, in English and in Russian."""

from collections.abc import Mapping
from typing import Final

from bot.telegram.i18n.texts import Value

BOTH: Final[Mapping[str, Value]] = {
    "account": 17, "actor": "Oleg", "after": 3, "asked": 3, "attempt": 1, "attempts": 5, "bar": "▓▓▓░░",
    "bot": "easel_bot", "by": "Oleg (id 42)", "came": 3, "candidates": "Pika, Picasso", "cause": "timed_out",
    "chat": -100123, "code": "fx-2", "command": "video", "contact": "@owner", "count": 5, "database": "PostgreSQL",
    "day": "30", "delivering": 1, "detail": "no credit left", "difference": 2, "done": 3, "elapsed": "12 s",
    "epoch": 2, "fields": "mask_url", "first": 1, "firsts": "--n, --ar", "flag": "style", "flags": "--n 2 --ar 16:9",
    "given": "12x", "given_name": "Ann", "high": 2, "hours": 3, "id": 123456789, "input": "0.5",
    "job": "abcdefgh23456", "known": "--n, --style", "least": 2, "length": 4200, "limit": 3, "live": 4,
    "locale": "ru", "lock": "🔒", "longest": 200, "low": 0, "makers": "Nano Banana", "mark": "⏳", "maximum": 1000,
    "media": "video", "message": 77, "minimum": 1, "minutes": 5, "model": "Pika", "models": "Pika, Luma",
    "month": "11", "most": 4, "ms": 120, "n": 5, "name": "Anna", "names": "Pika, Luma", "number": 2, "of": 4,
    "options": "--n 2", "ordered": 4, "output": "1.5", "owner": "host-1", "percent": 40,
    "person": "Anna (@anna, id 123456789)", "position": 3, "presets": "--mine", "problem": "line 3: too long",
    "provider": "AI Now", "queued": 3, "range": "0–2", "ref": "r-77", "refused": 3, "rule": "balance", "second": 2,
    "seconds": 45, "seed": 4711, "short": 2, "skip": "10", "slug": "pika", "sought": "@anna", "spent": "3",
    "subject": "account 17", "thread": 5, "title": "Pika", "tries": 1, "unit": 10, "units": 3, "update": 987654,
    "upstream": 2, "uptime": "3 h", "url": "https://example.org/x", "user": "Anna", "username": "anna",
    "value": "16:9", "values": "--n 4, --ar 16:9", "version": "1.0", "year": "2026",
}  # fmt: skip
ENGLISH: Final[Mapping[str, Value]] = {
    "age": "5 min", "ago": "20 s", "amount": "10 credits", "approximate": "≈", "available": "120 credits",
    "balance": "120 credits", "before": "110 credits", "charged": "10 credits", "commands": "/image, /video",
    "cost": "0.04 $", "credits": "20 credits", "description": "Quick and lively.", "example": "a fox in the snow",
    "held": "10 credits", "kind": "Video", "kinds": "Video, Image", "language": "English",
    "languages": "English, Русский", "mention": "Anna", "missing": "5 credits", "money": "10 credits",
    "nearest": "Did you mean: 16:9?", "note": "for the logo", "notify": "after 2 min", "option": "Style",
    "price": "10 credits", "prompt": "a fox in the snow", "quote": "10 credits", "quoted": "10 credits",
    "ready": "ready", "reason": "circuit", "sentence": "The service did not answer in time.", "shelf": "My results",
    "since": "5 min", "state": "running", "steps": "made ‹ edited", "style": "Watercolor", "time": "2 min",
    "typical": "2 min", "wait": "40 s", "wanted": "Style", "what": "Make a video", "when": "2026-11-30 12:00 UTC",
    "why": "There is no “x”.", "words": "fox",
}  # fmt: skip
RUSSIAN: Final[Mapping[str, Value]] = {
    "age": "5 мин", "ago": "20 с", "amount": "10 кредитов", "approximate": "≈", "available": "120 кредитов",
    "balance": "120 кредитов", "before": "110 кредитов", "by": "Олег (id 42)", "charged": "10 кредитов",
    "commands": "/image, /video", "cost": "0,04 $", "credits": "20 кредитов", "description": "Быстро и живо.",
    "elapsed": "12 с", "example": "лиса в снегу", "held": "10 кредитов", "kind": "Видео", "kinds": "Видео, Картинка",
    "language": "Русский", "languages": "English, Русский", "mention": "Анна", "missing": "5 кредитов",
    "money": "10 кредитов", "name": "Анна", "nearest": "Может быть: 16:9?", "note": "за логотип",
    "notify": "дольше 2 мин", "option": "Стиль", "person": "Анна (@anna, id 123456789)", "price": "10 кредитов",
    "prompt": "лиса в снегу", "quote": "10 кредитов", "quoted": "10 кредитов", "ready": "готово", "reason": "circuit",
    "sentence": "Сервис не ответил вовремя.", "shelf": "Мои результаты", "since": "5 мин", "state": "выполняется",
    "steps": "сделано ‹ изменено", "style": "Акварель", "time": "2 мин", "typical": "2 мин", "uptime": "3 ч",
    "wait": "40 с", "wanted": "Стиль", "what": "Сделать видео", "when": "30.11.2026 12:00 UTC",
    "why": "Значения «x» нет.", "words": "лиса",
}  # fmt: skip


def sample(name: str, language: str) -> Value:
    """The value for a variable; its name in angle brackets where none is known."""
    own = RUSSIAN if language == "ru" else ENGLISH
    return own.get(name, BOTH.get(name, f"‹{name}›"))
