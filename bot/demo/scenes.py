"""The conversation of the demo: a video, a set of pictures, one of them edited and one enlarged, an answer, an admin's
top-up and a failure with its release. Every step waits for what the person would see, and fails the demo without it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.folder import DemoFolder
from bot.domain.catalog.models import Catalog, Model
from sandbox.client import ChatView, Msg, Person, TelegramClient, Unmet
from sandbox.services import Services

ADMIN_ID, ANN_ID = 777_000_111, 777_000_112
PATIENCE = 25.0
SUFFIXES = {"video": "mp4", "audio": "mp3", "photo": "png", "document": "png"}


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the visitor may choose. `style` None: Watercolor for Pika, else no style; "none": no style. `once`: the
    tour is played and printed also where there is a terminal."""

    prompt: str
    model: str
    style: str | None
    keep: bool
    once: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Where media is saved, and who is told of a scene. `pace`: seconds before a scene and before a press that orders,
    so that a person can follow. `fresh`: Ann never wrote before."""

    folder: DemoFolder
    told: Callable[[str], None]
    pace: float = 0
    fresh: bool = True

    async def scene(self, title: str) -> None:
        self.told(title)
        await self.pause()

    async def pause(self) -> None:
        await asyncio.sleep(self.pace)

    async def save(self, chat: ChatView, message: Msg, name: str) -> None:
        suffix = SUFFIXES.get(message.kind, "bin")
        self.folder.file(f"{name}.{suffix}").write_bytes(await chat.media(message))


async def conversation(
    options: DemoOptions, catalog: Catalog, tg: TelegramClient, services: Services, stage: Stage
) -> None:
    """Plays it. Raises Unmet, NoSuchButton or TimeoutError where a step does not come true."""
    model = catalog.get(options.model)
    if model is None:
        raise Unmet(f"there is no model {options.model}; try {', '.join(m.slug for m in catalog.models)}")
    olga, ann = await people(tg)
    chat = ann.private()
    await stage.scene("Ann starts the bot")
    await chat.send("/start")
    await (chat.expect("60") if stage.fresh else chat.wait(button="Video"))
    await stage.scene(f"Ann orders: {model.title.of('en')}")
    result = await _order(chat, options, model, stage)
    await stage.save(chat, result, model.slug)
    await chat.click("More", on=result)
    await chat.click("Receipt", on=await chat.wait(button="Receipt"))
    await chat.send("/balance")
    await chat.expect("credits")
    await _pictures(chat, stage)
    await stage.scene("Ann asks a question")
    await chat.send("/ask Why is the sky blue?")
    await chat.wait_for(lambda m: m.from_bot and "sky" in m.text.lower(), PATIENCE, what="an answer")
    await stage.scene("Olga, the admin, tops Ann up")
    await _admin_top_up(olga, chat)
    await stage.scene("A generation fails: the hold goes back")
    services.ai_now.faults.add("error_event", model="luma")
    await chat.send("/luma a storm over the old harbour")
    await _confirm(chat, stage)
    await chat.expect("You were not charged", timeout=PATIENCE)
    await chat.send("/balance")
    await chat.expect("credits")


async def people(tg: TelegramClient) -> tuple[Person, Person]:
    """Olga, the admin, and Ann."""
    return (
        await tg.user("Olga (admin)", language="en", username="olga_easel", id=ADMIN_ID),
        await tg.user("Ann", language="en", username="ann", id=ANN_ID),
    )


async def _confirm(chat: ChatView, stage: Stage) -> Msg:
    card = await chat.wait(button="Confirm")
    await stage.pause()
    await chat.click("Confirm", on=card)
    return card


async def _pictures(chat: ChatView, stage: Stage) -> None:
    """Three pictures at once; then one that is edited with words and enlarged."""
    await stage.scene("Ann orders a set of pictures")
    await chat.send("/image --model naive_schnell --n 3 --ar 16:9 a fox in the snow, oil painting")
    await _confirm(chat, stage)
    await chat.wait_for(lambda m: bool(m.message.get("media_group_id")), PATIENCE, what="the album")
    for number, message in enumerate([m for m in await chat.messages() if m.message.get("media_group_id")], 1):
        await stage.save(chat, message, f"fox_{number}")
    await stage.scene("A picture, edited with words")
    picture = await _picture(chat, stage, "/flash a lighthouse on a cliff", "photo")
    await stage.save(chat, picture, "lighthouse")
    await chat.click("✏️ Edit", on=picture)
    await chat.wait_for(lambda m: m.from_bot and m.seq > picture.seq and m.kind == "text", what="the question")
    edited = await _picture(chat, stage, "make it night", "photo")
    await stage.save(chat, edited, "lighthouse_at_night")
    await stage.scene("And enlarged")
    if edited.button("🔍 Upscale") is None:
        await chat.click("More", on=edited)
    await chat.click("🔍 Upscale", on=await chat.wait(button="🔍 Upscale"))
    large = await _picture(chat, stage, "", "document")
    await stage.save(chat, large, "lighthouse_large")


async def _picture(chat: ChatView, stage: Stage, words: str, kind: str) -> Msg:
    """Orders in words, or what the last press opened: the result."""
    if words:
        await chat.send(words)
    card = await _confirm(chat, stage)
    await chat.wait_for(lambda m: m.id == card.id and m.kind == kind, PATIENCE, what=f"the result as {kind}")
    return await chat.refresh(card)


async def _order(chat: ChatView, options: DemoOptions, model: Model, stage: Stage) -> Msg:
    await chat.send(f"/{model.kind.value} {options.prompt}")
    title = model.title.of("en")
    card = await chat.wait(button="Confirm")
    if not card.text.startswith(title):
        await chat.click("Other model", on=card)
        await chat.click(title, on=await chat.wait("Which model?"))
        card = await chat.wait(title, button="Confirm")
    if any(option.step for option in model.options):
        await _choose_style(chat, card, options.style or ("Watercolor" if model.slug == "pika" else "none"))
    await _confirm(chat, stage)
    return await chat.wait_for(lambda msg: msg.kind in SUFFIXES, timeout=PATIENCE, what="the result")


async def _choose_style(chat: ChatView, card: Msg, style: str) -> None:
    if style == "none":
        return
    if card.button(style) is None:
        await chat.click("All styles", on=card)
    for _ in range(5):  # 25 styles are paged
        message = await chat.wait(button="Confirm")
        if message.button(style) is not None:
            await chat.click(style)
            await chat.wait(button=f"✓ {style}")
            return
        await chat.click("›")
        await asyncio.sleep(0.3)
    raise Unmet(f"there is no style {style}")


async def _admin_top_up(olga: Person, chat: ChatView) -> None:
    office = olga.private()
    await office.send("/start")
    await office.expect("")
    await office.send("/topup @ann 25,50 for the demo")
    await office.wait(button="Confirm")
    await office.click("Confirm")
    await chat.expect("25.5")
