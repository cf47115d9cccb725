"""What people typed is printed as text and does nothing else: no markup, no fetch, no broken line."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.renderer import ForbiddenFetchError, collector_paused, render_pdf
from portal.integrations.pdf.roster import render_roster
from portal.integrations.pdf.sheet import LegendEntry, RosterCell, RosterLabels, RosterLine
from tests.integrations.pdf.roster_sheets import EARLY, people, sheet_of, texts_of


@dataclass
class Listener:
    """A real server on loopback that counts who knocks."""

    port: int
    knocks: list[object] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        found = Listener(server.getsockname()[1])
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                found.knocks.append(address)
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield found
        stop.set()
        thread.join()


ADDRESSES = [
    "http://127.0.0.1:{port}/x",
    "http://localhost:{port}/x",
    "HTTP://127.0.0.1:{port}/x",
    "ftp://127.0.0.1:{port}/x",
    "file:///etc/passwd",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    "asset:other",
    "asset:http://127.0.0.1:{port}/x",
]
PLACES = {
    "image": ('<img src="{url}">', ""),
    "attachment": ('<link rel="attachment" href="{url}">', ""),
    "style sheet": ('<link rel="stylesheet" href="{url}">', ""),
    "import": ("<p>", '@import url("{url}");'),
    "import in the page": ('<style>@import url("{url}");</style>', ""),
    "background": ("<p>x", 'p {{ background: url("{url}") }}'),
    "typeface": ("<p>x", '@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}'),
    "object": ('<object data="{url}"></object>', ""),
    "drawing in the page": ('<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>', ""),
}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_fetched_and_nobody_is_asked(place: str, address: str, listener: Listener) -> None:
    """T165: pictures, attachments, imports and typefaces from the network or the disk stop the rendering."""
    url = address.format(port=listener.port)
    html, css = (part.format(url=url) for part in PLACES[place])
    with pytest.raises(ForbiddenFetchError):
        render_pdf(f"<!doctype html><title>x</title><body>{html}", css, {})
    assert listener.knocks == []


def test_a_drawing_from_memory_cannot_fetch_either(listener: Listener) -> None:
    """T165: WeasyPrint swallows errors while it draws an SVG; the rendering fails all the same."""
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">
        <image href="http://127.0.0.1:{listener.port}/x" width="9" height="9"/></svg>"""
    with pytest.raises(ForbiddenFetchError):
        render_pdf(
            '<!doctype html><title>x</title><img src="asset:a">', "", {"a": (svg.encode(), "image/svg+xml")}
        )
    assert listener.knocks == []


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=y>',
    "{{7*7}} {% raw %}",
    "javascript:alert(1)",
    "]]></style>@import 'x'",
    "&lt;b&gt; &amp;",
]


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_any_field_is_printed_as_it_is(text: str, tagged: bool, listener: Listener) -> None:
    """T122, T165: markup in every text of a sheet stays text."""
    bait = f"<img src=http://127.0.0.1:{listener.port}/x><link rel=attachment href=file:///etc/passwd>"
    line = RosterLine(text, note=bait, cells=[RosterCell("<b>", "blue"), EARLY], total="<i>8")
    sheet = sheet_of(
        [line],
        title=text,
        company=text,
        subtitle=bait,
        version=bait,
        printed=text,
        draft="<u>",
        legend=[LegendEntry("<b>", "blue", text)],
        labels=RosterLabels(text, "<s>", text, "{page} of {pages} {0.__class__} <p>", bait),
        daily_totals=["<q>"] * 31,
    )
    printed = texts_of(render_roster(sheet, tagged=tagged))[0]
    assert text in printed
    assert "<U>" in printed
    assert "1 of 1 {0.__class__} <p>" in printed
    assert listener.knocks == []


def test_a_name_with_line_breaks_stays_in_its_line() -> None:
    """T122: line breaks, direction overrides, controls and piled accents cannot move another person's line."""
    names = [
        "a\nb\r\n\u2028c\x00\x07",
        "\u202eevil\u202c",
        "x\ud800y",
        "Z" + "\u0301" * 60,
        "محمد",
        "山田 🌙",
        "שלום",
    ]
    lines = [RosterLine(name, cells=[EARLY], total=f"{n}:00") for n, name in enumerate(names)]
    text = texts_of(render_roster(sheet_of(lines)))[0]
    for n in range(len(names)):
        assert f"E {n}:00" in text
    assert "a b c E 0:00" in text
    assert "evil E 1:00" in text
    assert "xy E 2:00" in text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("  Ana   Nová\tková ", "Ana Nová ková"),
        ("C\u030cerny\u0301", "Černý"),
        ("a\u200bb\u2066c\ufeff", "abc"),
        ("x\ud83d", "x"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("o" + "\u0336" * 9, "o" + "\u0336" * 3),
    ],
)
def test_one_line(typed: str, printed: str) -> None:
    assert one_line(typed) == printed


def test_a_million_letters_take_no_longer_than_a_few() -> None:
    """T165: endless text is cut before it is laid out."""
    line = replace(people(1)[0], name="W" * 1_000_000, note="ý" * 1_000_000, total="1" * 1_000_000)
    assert len(texts_of(render_roster(sheet_of([line], title="T" * 1_000_000)))) == 1


def test_the_collector_is_restored_even_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ForbiddenFetchError):
        render_pdf('<!doctype html><title>x</title><img src="file:///x">', "", {})
    assert gc.isenabled()
    with collector_paused(), collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
