"""What the look promises: addresses that follow content, answers for htmx, amounts, careful compression."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import brotli
import pytest
from flask import Flask, render_template_string
from flask_babel import Babel

from portal.web import assets, compression, filters, htmx, places

TEMPLATES = Path(__file__).resolve().parents[2] / "portal" / "templates"


@pytest.fixture
def bare_app() -> Flask:
    app = Flask("portal", static_folder=None)
    app.testing = True
    Babel(app, locale_selector=lambda: "en")
    for part in (assets, compression, htmx, filters):
        part.init_app(app)
    app.add_url_rule("/page", "page", view_func=lambda: "<p>" + "a" * 5000)
    app.add_url_rule("/away", "away", view_func=lambda: htmx.redirect_everywhere("/page"))
    return app


def test_an_address_with_the_hash_is_kept_for_a_year_and_any_other_is_asked_for(bare_app):
    with bare_app.test_request_context():
        address = assets.asset("portal.css")
    client = bare_app.test_client()
    kept = client.get(address, headers={"Accept-Encoding": "br"})
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept.content_encoding == "br"
    assert b"@font-face" in brotli.decompress(kept.data)
    asked = client.get("/static/portal.css?v=older")
    assert asked.headers["Cache-Control"] == "public, no-cache"
    assert client.get(address, headers={"If-None-Match": asked.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "name", ["../config.py", "..%2fconfig.py", "css/../../app.py", "/etc/passwd", "vendor", "nothing.css"]
)
def test_nothing_outside_the_static_folder_is_served(bare_app, name):
    assert bare_app.test_client().get(f"/static/{name}").status_code in {404, 308}


def test_the_style_sheet_loads_nothing_that_the_policy_forbids(bare_app):
    css = bare_app.extensions["assets"].find("portal.css").body.decode()
    assert "data:" not in css
    assert "@import" not in css
    for address in re.findall(r"url\([\"']?([^\"')]+)", css):
        assert re.fullmatch(r"/static/[\w./-]+\?v=[0-9a-f]{16}", address)
        assert bare_app.test_client().get(address).status_code == 200


def test_every_icon_in_a_template_is_in_the_sprite(bare_app):
    drawn = {page.icon for _, pages in (*places.GROUPS, *places.ADMINISTRATION) for page in pages}
    for template in TEMPLATES.rglob("*.html"):
        source = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
        drawn |= set(re.findall(r"""icon(?:_name)?[(=]\s*["']([\w-]+)["']""", source))
    with bare_app.test_request_context():
        for name in sorted(drawn):
            assets.icon(name)
        with pytest.raises(LookupError, match=r"icons\.txt"):
            assets.icon("no-such-icon")


def test_every_class_in_a_template_has_a_look(bare_app):
    """A class of a family that scripts/vendor.py leaves out, or a slip of the pen, would do nothing without a word."""
    css = bare_app.extensions["assets"].find("portal.css").body.decode()
    # Style sheets that a feature's own pages load.
    css += "".join(path.read_text() for path in (TEMPLATES.parent / "static" / "css").glob("*.css"))
    known = {name.replace("\\", "") for name in re.findall(r"\.((?:\\.|[\w-])+)", css)}
    unknown: dict[str, set[str]] = {}
    for template in TEMPLATES.rglob("*.html"):
        if template.parent.name in {"pdf", "emails"}:
            continue
        source = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
        for value in re.findall(r'\sclass="([^"]*)"', source):
            # What Jinja puts together is left out, with the half of a name that it continues.
            fixed = re.sub(r"\S*{{.*?}}\S*|{%.*?%}", " ", value)
            missing = set(fixed.split()) - known
            if missing:
                unknown.setdefault(str(template.relative_to(TEMPLATES)), set()).update(missing)
    assert unknown == {}


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_a_page_that_a_stranger_caused_is_not_compressed(bare_app, site):
    """BREACH: its size would betray the form token."""
    headers = {"Accept-Encoding": "br, gzip"} | ({"Sec-Fetch-Site": site} if site else {})
    assert bare_app.test_client().get("/page", headers=headers).content_encoding is None
    ours = bare_app.test_client().get("/page", headers=headers | {"Sec-Fetch-Site": "same-origin"})
    assert brotli.decompress(ours.data).startswith(b"<p>aaa")
    assert {"Accept-Encoding", "Sec-Fetch-Site", "HX-Request"} <= set(ours.vary)


def test_a_redirect_moves_the_whole_window(bare_app):
    """T127: a 303 would be followed inside htmx's request and the sign-in page swapped into a table."""
    client = bare_app.test_client()
    assert client.get("/away").status_code == 303
    moved = client.get("/away", headers={"HX-Request": "true"})
    assert (moved.status_code, moved.headers["HX-Redirect"]) == (204, "/page")
    back = client.get("/away", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert back.status_code == 303


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("450|hours", "7:30"),
        ("-30|hours", "−0:30"),
        ("0|hours", "0:00"),
        ("1000|days", "1 day"),
        ("2500|days", "2.5 days"),
        ("-3000|days", "−3 days"),
        ("0|days", "0 days"),
        ("'Ana de Souza'|initials", "AS"),
        ("'  '|initials", "?"),
        ("'Žofie'|initials", "Ž"),
        ("'+420601123456'|phone_number", "+420 601 123 456"),
        ("when|date", "3 Aug 2026"),
        ("when|day_month", "3 Aug"),
        ("moment|datetime_local('Europe/Prague')", "3 Aug 2026, 14:05"),
    ],
)
def test_amounts_and_names_are_written_for_the_reader(bare_app, expression, written):
    with bare_app.test_request_context():
        text = render_template_string(
            "{{ " + expression + " }}", when=date(2026, 8, 3), moment=datetime(2026, 8, 3, 12, 5, tzinfo=UTC)
        )
    assert text.replace("\u202f", " ") == written
