"""aiogram's models, built when they are first used: all 570 at once, as its import builds them, cost 110 MB of memory
and two seconds of every start; the bot uses some forty of them. And each object learns its bot in one step."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel


def import_aiogram() -> None:
    """Imports aiogram with its models unbuilt. Idempotent; where aiogram was imported before, nothing changes."""
    if "aiogram" in sys.modules:
        return
    build = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(lambda _cls, **_: None)  # type: ignore[method-assign, assignment]
    try:
        import aiogram  # noqa: F401, PLC0415  # not before its models are told to wait
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]
    _let_build_themselves()
    _know_their_bot_at_once()


def _let_build_themselves() -> None:
    """Pydantic builds an unbuilt model at its first use, by `model_rebuild`: here it learns the names aiogram uses."""
    from aiogram import types  # noqa: PLC0415
    from aiogram.client.default import Default  # noqa: PLC0415
    from aiogram.methods.base import Response, TelegramMethod  # noqa: PLC0415
    from aiogram.types.base import TelegramObject  # noqa: PLC0415

    names: dict[str, Any] = {name: getattr(types, name) for name in types.__all__}
    names |= {"List": list, "Optional": Optional, "Union": Union, "Literal": Literal, "Default": Default}

    def model_rebuild(
        cls: type[BaseModel],
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        rebuild = BaseModel.model_rebuild.__func__  # type: ignore[attr-defined]
        known = names if _types_namespace is None else _types_namespace
        built: bool | None = rebuild(cls, force=force, raise_errors=raise_errors, _types_namespace=known)
        return built

    for base in (TelegramObject, TelegramMethod, Response):
        base.model_rebuild = classmethod(model_rebuild)  # type: ignore[method-assign, assignment]


def _know_their_bot_at_once() -> None:
    """An object keeps the bot it came to in its one private field. Pydantic wraps the function that does so anew for
    every level of inheritance: five microseconds for each object of an update, more than it takes to read it."""
    from aiogram.client.context_controller import BotContextController  # noqa: PLC0415

    def model_post_init(self: BaseModel, context: Mapping[str, Any] | None, /) -> None:
        object.__setattr__(self, "__pydantic_private__", {"_bot": context.get("bot") if context else None})

    for model in _heirs(BotContextController):
        if "model_post_init" in vars(model) and set(model.__private_attributes__) == {"_bot"}:
            model.model_post_init = model_post_init  # type: ignore[method-assign]


def _heirs(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for heir in model.__subclasses__():
        yield heir
        yield from _heirs(heir)
