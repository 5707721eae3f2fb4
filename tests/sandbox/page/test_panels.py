"""The panels behind the scenes: what they show, and what their levers do."""

import pytest

from sandbox.page import PageServer
from sandbox.page.panels import TITLES
from tests.sandbox.page.page_kit import Page


async def test_the_panels_are_those_that_exist(shown: Page) -> None:
    assert await shown.get("panels") == {"panels": ["services", "telegram"]}
    assert list(PageServer(shown.world.server.core).panels) == ["telegram"]
    assert set(TITLES) == set(shown.services.all)


async def test_a_services_fault_waits_and_is_cleared(shown: Page) -> None:
    name = next(iter((await shown.get("panels/services"))["services"][0]["faults"]))
    status, panel = await shown.post("panels/services", {"do": "fault", "service": "ai_now", "fault": name, "times": 2})
    assert (status, panel["services"][0]["waiting"][0]["name"]) == (200, name)
    assert shown.services.ai_now.faults.waiting()[0].times == 2
    _, panel = await shown.post("panels/services", {"do": "clear", "service": "ai_now"})
    assert panel["services"][0]["waiting"] == []


async def test_the_key_of_one_and_the_speed_of_all_are_set(shown: Page) -> None:
    await shown.post("panels/services", {"do": "key", "service": "naive", "valid": False})
    status, panel = await shown.post("panels/services", {"do": "scale", "scale": 0.5})
    assert (status, panel["scale"], (await shown.get("world"))["speed"]) == (200, 0.5, 0.5)
    assert {service.state.scale for service in shown.services.all.values()} == {0.5}
    assert [service["name"] for service in panel["services"] if not service["key_valid"]] == ["naive"]


async def test_telegrams_faults_limits_and_calls(shown: Page) -> None:
    await shown.world.ok("getMe")
    order = {"do": "fault", "kind": "429", "method": "sendMessage", "retry_after": 3}
    status, panel = await shown.post("panels/telegram", order)
    assert (status, panel["faults"][0]["method"], panel["calls"][-1]["method"]) == (200, "sendmessage", "getMe")
    assert "429" in panel["kinds"]
    description = await shown.world.refusal("sendMessage", chat_id=shown.people.ann.id, text="a")
    assert description == "Too Many Requests: retry after 3"
    _, panel = await shown.post("panels/telegram", {"do": "limits", "scale": 10})
    assert (panel["faults"], panel["limits"]["scale"]) == ([], 10)
    await shown.post("panels/telegram", {"do": "fault", "kind": "500"})
    assert (await shown.post("panels/telegram", {"do": "clear"}))[1]["faults"] == []


@pytest.mark.parametrize(
    ("panel", "order"),
    [
        ("services", {}),
        ("services", {"do": "fault", "service": "none", "fault": "x"}),
        ("services", {"do": "fault", "service": "ai_now", "fault": "x"}),
        ("services", {"do": "fault", "service": "ai_now", "fault": "dead_result", "times": "2"}),
        ("services", {"do": "key", "service": "ai_now"}),
        ("services", {"do": "scale", "scale": 11}),
        ("telegram", {"do": "fault", "kind": "x"}),
        ("telegram", {"do": "limits", "x": 1}),
        ("telegram", []),
    ],
)
async def test_a_wrong_order_is_refused_with_a_sentence(shown: Page, panel: str, order: object) -> None:
    status, answer = await shown.post(f"panels/{panel}", order)
    assert (status, answer["ok"]) == (400, False)
    assert answer["description"]
