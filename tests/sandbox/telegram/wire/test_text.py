"""HTML mode and entities: exact offsets for what is accepted, Telegram's own words for what is refused."""

import pytest

from sandbox.telegram.wire.entities import formatted, found_entities, slice16
from sandbox.telegram.wire.errors import ApiError
from sandbox.telegram.wire.html import utf16_len
from sandbox.telegram.wire.markup import parse_markup


def shapes(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, entities = formatted(source, "HTML", None)
    return text, [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>x</b> y", "x y", [("bold", 0, 1)]),
        ("<STRONG>x</strong>", "x", [("bold", 0, 1)]),
        ("😀<i>é😀</i>!", "😀é😀!", [("italic", 2, 3)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>x", "x", []),
        ('<tg-time unix="9" format="wDT">noon</tg-time>', "noon", [("date_time", 0, 4)]),
        ('<code><tg-time unix="9">noon</tg-time></code>', "noon", [("code", 0, 4)]),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &quot;&#65;&#x42;", '<b> & "AB', []),
        ("fish & chips &nbsp; &copy;", "fish & chips &nbsp; &copy;", []),
        (
            "<u>a</u><s>b</s><code>c</code><pre>d</pre>",
            "abcd",
            [("underline", 0, 1), ("strikethrough", 1, 1), ("code", 2, 1), ("pre", 3, 1)],
        ),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>", "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("  <b>x </b>  ", "x", [("bold", 0, 1)]),
        ("<code>/start</code>", "/start", [("code", 0, 6)]),
        ("<b>/start</b>", "/start", [("bold", 0, 6), ("bot_command", 0, 6)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert shapes(source) == (text, entities)


def test_links_mentions_and_code_languages_keep_their_details() -> None:
    links = '<a href="https://e.org/?a=1&amp;b=2">x</a> <a href="tg://user?id=7">y</a>'
    source = f'{links} <pre><code class="language-py">z</code></pre>'
    text, entities = formatted(source, "HTML", None)
    assert text == "x y z"
    assert entities == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://e.org/?a=1&b=2"},
        {"type": "text_mention", "offset": 2, "length": 1, "user_id": 7},
        {"type": "pre", "offset": 4, "length": 1, "language": "py"},
    ]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("I <3 you", 'Unsupported start tag "3" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid Unix time specified"),
        ('<tg-time unix="9" format="rd">x</tg-time>', "Invalid date-time format specified"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_in_the_servers_words(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        formatted(source, "HTML", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("mode", "complaint"), [("MarkdownV2", "can't parse entities"), ("XML", "unsupported parse_mode")]
)
def test_other_parse_modes_are_refused(mode: str, complaint: str) -> None:
    with pytest.raises(ApiError, match=complaint):
        formatted("x", mode, None)


def test_plain_text_keeps_angle_brackets_and_given_entities() -> None:
    given = [{"type": "bold", "offset": 3, "length": 20}]
    assert formatted("a <b>", None, given) == ("a <b>", [{"type": "bold", "offset": 3, "length": 2}])


def test_commands_mentions_and_links_are_found_with_utf16_offsets() -> None:
    text = "😀 /video@easel_bot for @anna see https://e.org/a?b=1. mail a@b.org #fun 1/2 /no/path"
    found = {slice16(text, entity["offset"], entity["length"]): entity["type"] for entity in found_entities(text)}
    assert found == {
        "/video@easel_bot": "bot_command",
        "@anna": "mention",
        "https://e.org/a?b=1": "url",
        "a@b.org": "email",
        "#fun": "hashtag",
    }
    assert utf16_len("😀a") == 3


def keyboard(**button: object) -> dict[str, object]:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "BUTTON_TEXT_INVALID"),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, "can't parse inline keyboard button: Text buttons are unallowed"),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "not a link"}, "inline keyboard button URL 'not a link' is invalid"),
        ({"text": "x", "callback_data": "y", "style": "pink"}, "invalid button style specified"),
    ],
)
def test_wrong_buttons_are_refused(button: dict[str, object], complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_markup(keyboard(**button))
    assert complaint in refused.value.description


def test_good_buttons_keep_known_fields_only() -> None:
    given = {"text": " Stop ", "callback_data": "я" * 32, "style": "danger", "junk": 1}
    assert parse_markup(keyboard(**given))[0] == keyboard(text="Stop", callback_data="я" * 32, style="danger")
    others: list[dict[str, object]] = [
        {"disabled": {}},
        {"copy_text": {"text": "y" * 256}},
        {"url": "https://t.me/x?start=1"},
    ]
    for fields in others:
        assert parse_markup(keyboard(text="x", **fields))[0] == keyboard(text="x", **fields)


def test_too_many_buttons_are_refused_and_empty_keyboards_vanish() -> None:
    rows = [[{"text": "x", "callback_data": "y"}] * 8] * 13
    with pytest.raises(ApiError, match="reply markup is too long"):
        parse_markup({"inline_keyboard": rows})
    assert parse_markup({"inline_keyboard": [[]]}) == (None, None)
    assert parse_markup({"force_reply": True}) == (None, {"force_reply": True})
