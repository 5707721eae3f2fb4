"""`python -m bot profile` beside a running local Telegram: what it shows, sets, and refuses."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image

from sandbox.telegram import TelegramServer
from tests.cli.test_main import ROOT, kept_environment


@asynccontextmanager
async def telegram() -> AsyncIterator[TelegramServer]:
    server = TelegramServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def profile(server: TelegramServer, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """What the command answered; the database is made before it."""
    await command(server, folder, "migrate")
    return await command(server, folder, "profile", *arguments)


async def command(server: TelegramServer, folder: Path, *arguments: str) -> tuple[int, str, str]:
    database = f"sqlite:///{folder}/easel.db"
    env = {"BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.base_url, "DATABASE_URL": database}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={**kept_environment(), "PYTHONPATH": str(ROOT), **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def picture(form: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), "purple").save(file, form)
    return file.getvalue()


async def test_name_and_photo_are_set_and_shown(tmp_path: Path) -> None:
    (tmp_path / "face.jpg").write_bytes(picture("JPEG"))
    async with telegram() as server:
        code, out, err = await profile(
            server, tmp_path, "--name", "Мольберт", "--language", "ru", "--photo", "face.jpg"
        )
        assert (code, err) == (0, "")
        assert server.core.profile["name", "ru"] == "Мольберт"
        assert server.core.profile_photo == (tmp_path / "face.jpg").read_bytes()
        assert "ru\n  name:        Мольберт\n  description: (empty)\n" in out
        assert ("description", "") not in server.core.profile


async def test_descriptions_are_written_over_ones_own_only_when_asked_for(tmp_path: Path) -> None:
    async with telegram() as server:
        server.core.profile["description", ""] = "All about my shop"
        code, out, _ = await profile(server, tmp_path)
        assert (code, server.core.profile["description", ""]) == (0, "All about my shop")
        assert "description: All about my shop" in out
        code, out, _ = await profile(server, tmp_path, "--descriptions")
        assert code == 0
        assert "Просто напишите, чего хочется" in server.core.profile["description", "ru"]
        assert "All about my shop" not in out


async def test_what_cannot_be_a_photo_is_said_and_nothing_is_set(tmp_path: Path) -> None:
    (tmp_path / "face.png").write_bytes(picture("PNG"))
    async with telegram() as server:
        for name, said in (("face.png", "must be a JPEG"), ("none.jpg", "No such file")):
            code, out, err = await profile(server, tmp_path, "--name", "New", "--photo", name)
            assert (code, out) == (2, "")
            assert said in err
        code, _, err = await profile(server, tmp_path, "--name", "N" * 65)
        assert code == 1
        assert "Telegram refused it" in err
        assert ("name", "") not in server.core.profile
