"""The conversation that `make demo` plays, as a process of its own: what a newcomer sees first must not be broken."""

import asyncio
import os
import sys
from pathlib import Path


async def test_the_demo_plays_to_its_end_with_clean_books(tmp_path: Path) -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        out, _ = await asyncio.wait_for(demo.communicate(), 110)
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()
    said = out.decode()
    assert demo.returncode == 0, said[-3000:]
    assert "Ledger: clean." in said
    assert " 0 requests outside the documents." in said
