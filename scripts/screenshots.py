"""Takes the README's pictures from a throwaway demonstration, or with --all looks at every page of the side bar.

python -m scripts.screenshots                      the pictures in docs/screenshots
python -m scripts.screenshots --all FOLDER         every page of the cast, light and dark, two widths
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.app import create_app
from portal.config import Mode
from portal.db import db, open_session
from portal.demo import load
from portal.demo.companies import ACME
from portal.models import Employee, Identity
from portal.services import companies, sessions
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.companies import work
from tests.fixtures.browser import ARGUMENTS, _Silent
from tests.fixtures.database import _server
from tests.fixtures.database_server import DatabaseServer
from tests.fixtures.portal import make_settings
from tests.fixtures.promises import chromium

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZE = (1280, 800)
SIZES = (SIZE, (1920, 1080))
#: Picture, whose, and the link of the side bar or of the page that leads there, in turn.
README = (
    ("home", "eve@acme.example", ()),
    ("calendar", "mats@acme.example", ("Calendar",)),
    ("roster", "pia@acme.example", ("Roster", ACME.shift_team)),
    ("approvals", "mats@acme.example", ("Approvals",)),
)


@dataclass(frozen=True)
class Demonstration:
    """A served portal with the demo companies."""

    url: str
    app: Flask

    def token(self, email: str) -> str:
        """The cookie of a complete session of this person of Acme."""
        staffroom = self.app.extensions["staffroom"]
        with self.app.app_context():
            company = next(one for one in companies.all_companies() if one.slug == ACME.slug)
            with open_session(company_id=company.id) as session:
                query = select(Identity).join(Employee, Employee.id == Identity.employee_id)
                identity = session.scalars(query.where(Employee.email == email)).one()
            with work(staffroom, company) as uow:
                signed_in, token = sessions.start(uow, identity, browser="Chromium", complete=True)
                signed_in.second_factor_at = uow.clock.now()
        return token


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Database, demo companies and server, all gone afterwards."""
    with ExitStack() as stack:
        databases = DatabaseServer(stack.enter_context(_server()))
        databases.prepare_template()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        app = create_app(make_settings(databases.clone("screenshots"), folder, mode=Mode.DEMO))
        staffroom = app.extensions["staffroom"]
        with app.app_context():
            for demo in load.missing():
                load.load(demo, clock=staffroom.clock, outside=staffroom.outside, version="demo")
            stack.callback(db.engine.dispose)
        server = make_server("localhost", 0, app, threaded=True, request_handler=_Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Demonstration(f"http://localhost:{server.port}", app)
        server.shutdown()
        thread.join()
        server.server_close()


def page_of(
    browser: Browser, shown: Demonstration, email: str | None, size: tuple[int, int], scheme: str = "light"
) -> Page:
    """A page of this person's browser, at home; without a person before the sign-in."""
    width, height = size
    context = browser.new_context(
        base_url=shown.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    if email is not None:
        cookie_url = shown.url.replace("http:", "https:")
        context.add_cookies(
            [
                {
                    "name": SESSION_COOKIE,
                    "value": shown.token(email),
                    "url": cookie_url,
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
    page = context.new_page()
    page.on("console", lambda message: print(f"  {email} {scheme}: {message.type} {message.text}"))
    page.goto("/" if email is None else f"/c/{ACME.slug}/")
    return page


def take_for_readme(browser: Browser, shown: Demonstration) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, email, links in README:
        page = page_of(browser, shown, email, SIZE)
        for link in links:
            page.get_by_role("link", name=link, exact=True).first.click()
            page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / f"{name}.png")
        page.context.close()


def take_all(browser: Browser, shown: Demonstration, folder: Path) -> None:
    """Every link of the side bar and of the person's menu, for each of the cast."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        for size in SIZES:
            for player in (None, *ACME.players):
                _take_side_bar(browser, shown, player.email if player else None, size, scheme, folder)


def _take_side_bar(
    browser: Browser,
    shown: Demonstration,
    email: str | None,
    size: tuple[int, int],
    scheme: str,
    folder: Path,
) -> None:
    page = page_of(browser, shown, email, size, scheme)
    addresses = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    inside = sorted({one.partition("#")[0] for one in addresses if one.startswith(shown.url)})
    for address in [page.url, *(one for one in inside if one != page.url)]:
        page.goto(address, wait_until="networkidle")
        who = email.partition("@")[0] if email else "nobody"
        name = address.removeprefix(shown.url).strip("/").replace("/", "-").replace("?", "-") or "start"
        page.screenshot(path=folder / f"{who}-{name}-{size[0]}-{scheme}.png")
    page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="take every page of the side bar instead")
    asked = parser.parse_args()
    with demonstration() as shown, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        if asked.all:
            take_all(browser, shown, asked.all)
        else:
            take_for_readme(browser, shown)
        browser.close()


if __name__ == "__main__":
    main()
