"""The container files, as far as they can be checked without a container engine."""

import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {name.upper() for name in Settings.model_fields}
POSTGRES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}  # read by the database's own image
Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def stages() -> list[list[Instruction]]:
    """The Dockerfile's instructions, a list for each FROM."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    found: list[list[Instruction]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest.strip()))
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return found


def last(stage: list[Instruction], name: str) -> str:
    return [rest for instruction, rest in stage if instruction == name][-1]


def environment(stage: list[Instruction]) -> dict[str, str]:
    pairs = [pair for name, rest in stage if name == "ENV" for pair in rest.split()]
    return dict(pair.split("=", 1) for pair in pairs)


def test_the_image_has_two_stages_of_one_pinned_base(stages: list[list[Instruction]]) -> None:
    bases = [stage[0][1].split()[0] for stage in stages]
    assert bases == ["python:3.11-slim"] * 2
    assert stages[0][0][1].endswith(" AS dependencies")


def test_the_image_runs_the_bot_as_nobody_special(stages: list[list[Instruction]]) -> None:
    user = last(stages[-1], "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    after = stages[-1][stages[-1].index(("USER", user)) :]
    assert {name for name, _ in after}.isdisjoint({"RUN", "COPY", "ADD"})
    assert json.loads(last(stages[-1], "ENTRYPOINT")) == ["python", "-m", "bot"]
    assert json.loads(last(stages[-1], "CMD")) == ["run"]


def test_everything_copied_is_there_and_reaches_the_engine(stages: list[list[Instruction]]) -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copies = [rest.split() for stage in stages for name, rest in stage if name in ("COPY", "ADD")]
    sources = [part for parts in copies if not parts[0].startswith("--from=") for part in parts[:-1]]
    assert sources == ["requirements.lock", "bot"]
    assert all((ROOT / source).exists() for source in sources)
    assert kept == set(sources)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert [parts for parts in copies if parts[0].startswith("--from=")] == [
        ["--from=dependencies", "/opt/venv", "/opt/venv"]
    ]


def test_only_hash_pinned_dependencies_are_installed(stages: list[list[Instruction]]) -> None:
    installs = [rest for stage in stages for name, rest in stage if name == "RUN" and "pip" in rest]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert installs[0].endswith("-r /build/requirements.lock")
    lock = (ROOT / "requirements.lock").read_text()
    pins = [part for part in re.split(r"^(?=\w)", lock, flags=re.MULTILINE) if not part.startswith("#")]
    assert all(re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+.*\\\n +--hash=sha256:", pin) for pin in pins)
    assert "://" not in lock
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[\[<>=]", need)[0].lower().replace(".", "-") for need in project["dependencies"]}
    assert wanted <= {re.split(r"[\[=]", pin)[0].lower().replace(".", "-") for pin in pins}


def test_state_lives_in_the_volume(stages: list[list[Instruction]]) -> None:
    values = environment(stages[-1])
    assert last(stages[-1], "VOLUME") == last(stages[-1], "WORKDIR") == "/data"
    assert values["DATABASE_URL"] == "sqlite:////data/easel.db"
    assert Path(values["WORK_DIR"]).is_relative_to("/data"), "results are not kept in memory"
    assert values["HTTP_PORT"] == last(stages[-1], "EXPOSE")
    ours = {name for name in values if not name.startswith("PYTHON") and name != "PATH"}
    assert ours <= SETTINGS


@contextmanager
def health(status: int) -> Iterator[int]:
    """A server that answers `/health` with `status` and all else with 404; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (404, False)])
def test_the_healthcheck_asks_the_bot(stages: list[list[Instruction]], status: int, healthy: bool) -> None:
    options, _, command = last(stages[-1], "HEALTHCHECK").partition("CMD ")
    assert "--start-period=" in options
    python, *arguments = json.loads(command)
    assert python == "python"
    with health(status) as port:
        done = subprocess.run([sys.executable, *arguments], env={"HTTP_PORT": str(port)}, timeout=20, check=False)
    assert (done.returncode == 0) is healthy


def test_the_bot_serves_what_the_healthcheck_asks_for() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "bot" / "http").glob("*.py"))
    assert '"/health"' in sources


def test_compose_names_only_known_settings(compose: dict[str, Any]) -> None:
    assert set(compose["services"]["bot"]["environment"]) <= SETTINGS
    assert set(compose["services"]["postgres"]["environment"]) == POSTGRES
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    assert used - POSTGRES
    assert used - POSTGRES <= SETTINGS


def test_compose_runs_on_a_sqlite_volume_unless_told_otherwise(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot"]
    assert "profiles" not in bot
    assert bot["build"] == "."
    assert bot["env_file"] == ".env"
    assert bot["environment"]["DATABASE_URL"] == "${DATABASE_URL:-sqlite:////data/easel.db}"
    assert bot["volumes"] == ["data:/data"]
    assert bot["ports"] == ["127.0.0.1:${HTTP_PORT:-8080}:${HTTP_PORT:-8080}"]
    assert (bot["read_only"], bot["cap_drop"]) == (True, ["ALL"])
    assert bot["tmpfs"] == ["/tmp:size=64m"], "memory is bounded"


def test_postgres_comes_with_its_profile_only_and_is_not_published(compose: dict[str, Any]) -> None:
    postgres = compose["services"]["postgres"]
    assert postgres["profiles"] == ["postgres"]
    assert "ports" not in postgres
    assert compose["services"]["bot"]["depends_on"]["postgres"]["required"] is False
    assert postgres["healthcheck"]


def test_every_volume_used_is_declared(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    used = [volume.partition(":")[0] for service in services for volume in service.get("volumes", [])]
    assert sorted(used) == sorted(compose["volumes"])
