"""Methods about the bot itself: getMe, command lists per scope and language, descriptions, the menu button."""

import re
from functools import partial

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.methods.base import Handler
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_me

COMMANDS_MAX = 100
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", *CHAT_SCOPES}
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


async def get_me(core: Core, _params: Params) -> Json:
    """getMe."""
    return render_me(core.store.bot, core.config)


async def yes(_core: Core, _params: Params) -> bool:
    """logOut and close: accepted, nothing to do here."""
    return True


def _scope(core: Core, params: Params) -> str:
    scope = params.json("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = str(scope.get("type", ""))
    if kind not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if kind not in CHAT_SCOPES:
        return kind
    if not scope.get("chat_id"):
        raise bad("can't parse BotCommandScope: Empty chat_id specified")
    return f"{kind}:{core.store.chat(scope['chat_id']).id}:{scope.get('user_id', '')}"


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad("language code is invalid")
    return code


async def set_my_commands(core: Core, params: Params) -> bool:
    """setMyCommands."""
    commands = params.json("commands")
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise bad("expected an Array of BotCommand")
    if len(commands) > COMMANDS_MAX:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        command["command"] = name
    core.commands[_scope(core, params), _language(params)] = commands
    return True


async def get_my_commands(core: Core, params: Params) -> list[Json]:
    """getMyCommands: exactly the given scope and language, nothing inherited."""
    return core.commands.get((_scope(core, params), _language(params)), [])


async def delete_my_commands(core: Core, params: Params) -> bool:
    """deleteMyCommands."""
    core.commands.pop((_scope(core, params), _language(params)), None)
    return True


async def set_text(what: str, core: Core, params: Params) -> bool:
    """setMyName, setMyDescription, setMyShortDescription."""
    text = params.text(what)
    if len(text) > TEXT_LIMITS[what]:
        raise bad(f"{what.replace('_', ' ')} is too long")
    core.profile[what, _language(params)] = text
    return True


async def get_text(what: str, core: Core, params: Params) -> Json:
    """getMyName and the like; an unknown language falls back to the default one."""
    profile = core.profile
    return {what: profile.get((what, _language(params))) or profile.get((what, ""), "")}


async def set_my_profile_photo(core: Core, params: Params) -> bool:
    """setMyProfilePhoto: a still picture that comes with the request, a JPEG."""
    photo = params.json("photo")
    if not isinstance(photo, dict) or photo.get("type") not in {"static", "animated"}:
        raise bad("can't parse InputProfilePhoto: unsupported type specified")
    if photo["type"] != "static":
        raise bad("the local Telegram takes still profile photos only")
    upload = params.files.get(str(photo.get("photo", "")).removeprefix("attach://"))
    if upload is None:
        raise bad("profile photos can't be reused and can only be uploaded as a new file")
    if not upload.data.startswith(b"\xff\xd8\xff"):
        raise bad("PHOTO_EXT_INVALID")
    core.profile_photo = upload.data
    return True


async def set_chat_menu_button(core: Core, params: Params) -> bool:
    """setChatMenuButton: for one private chat or for all."""
    button = params.json("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"commands", "web_app", "default"}:
        raise bad("can't parse menu button: MenuButton has unsupported type")
    if params.text("chat_id"):
        core.store.chat(params.text("chat_id")).menu_button = button
    else:
        core.menu_button = button
    return True


async def get_chat_menu_button(core: Core, params: Params) -> Json:
    """getChatMenuButton."""
    own = core.store.chat(params.text("chat_id")).menu_button if params.text("chat_id") else None
    return own or core.menu_button


PROFILE_METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "logOut": yes,
    "close": yes,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": partial(set_text, "name"),
    "getMyName": partial(get_text, "name"),
    "setMyDescription": partial(set_text, "description"),
    "getMyDescription": partial(get_text, "description"),
    "setMyShortDescription": partial(set_text, "short_description"),
    "getMyShortDescription": partial(get_text, "short_description"),
    "setMyProfilePhoto": set_my_profile_photo,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
