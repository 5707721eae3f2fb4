"""aiogram's models, built when they are first used: all 570 at once, as its import builds them, cost 110 MB of memory
and two seconds of every start; the bot uses some forty of them."""

import sys
from collections.abc import Mapping
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
