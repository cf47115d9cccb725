"""A portal of its own on a database of its own: support is served by another role, so nothing can be rolled back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.db import UnitOfWork, db, open_support_session
from portal.domain.clock import SystemClock
from portal.services import operator_staff, support_access
from portal.services.operator_work import OperatorWork
from tests.factories.belongings import give_acme_everything
from tests.factories.companies import work
from tests.factories.support import ask_for_help
from tests.fixtures.cast import Cast, make_cast
from tests.fixtures.page_checks import check_page
from tests.fixtures.portal import NOW, make_settings

STAFF_HOST = "http://support.localhost"
_ADDRESSES = itertools.count(1)
PASSWORD = "a lamp beside the window"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SECRET = re.compile(r'id="app-key">([^<]+)<')


class Clock(SystemClock):
    """The machine's clock, which the database goes by too, and a little ahead of it where a test says so."""

    ahead = timedelta(0)

    def now(self):
        return super().now() + self.ahead


class StaffBrowser:
    """A browser of one member of the staff at their own host, with every page checked."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.client = app.test_client()
        #: Its own, so that nobody waits for what others have tried.
        self.ip = f"192.0.2.{next(_ADDRESSES)}"
        self.client.environ_base["REMOTE_ADDR"] = self.ip
        self.clock = clock
        self.secret = ""
        self.email = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        answer = self.client.get(path, base_url=STAFF_HOST, **options)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            check_page(answer)
        return answer

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        form = self.client.get("/operator/sign-in", base_url=STAFF_HOST, follow_redirects=True)
        found = _TOKEN.search(form.text)
        assert found is not None
        data = {"csrf_token": found.group(1), **(data or {})}
        return self.client.post(path, base_url=STAFF_HOST, data=data)

    def set_up(self, token: str) -> StaffBrowser:
        page = self.get(f"/operator/set-up/{token}").text
        self.secret = _SECRET.search(page).group(1).replace(" ", "")
        data = {"password": PASSWORD, "repeated": PASSWORD, "code": self.code()}
        assert self.post(f"/operator/set-up/{token}", data).status_code == 303
        return self

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.now())

    def sign_in(self, email: str, **changed: str) -> TestResponse:
        self.clock.ahead += timedelta(seconds=30)  # each code opens once
        data = {"email": email, "password": PASSWORD, "code": self.code(), **changed}
        return self.post("/operator/sign-in", data)


@dataclass
class House:
    """The served portal with Acme and Beta, and what tests do on either side of it."""

    app: Flask
    cast: Cast
    clock: Clock
    admin_url: str

    @contextmanager
    def as_(self, member) -> Iterator[UnitOfWork]:
        with (
            self.app.app_context(),
            work(self.app.extensions["staffroom"], member.company, member.actor) as uow,
        ):
            yield uow

    @contextmanager
    def operator(self) -> Iterator[OperatorWork]:
        staffroom = self.app.extensions["staffroom"]
        with self.app.app_context(), open_support_session() as session:
            yield OperatorWork(session, self.clock, "command", staffroom.outside)
            session.commit()

    def staff(self, name: str) -> StaffBrowser:
        """A new member of the staff, set up and signed in."""
        email = f"{name.lower()}@operator.example"
        with self.operator() as working:
            token = operator_staff.add(working, email=email, name=f"{name} Supporter")
        browser = StaffBrowser(self.app, self.clock).set_up(token)
        browser.email = email
        assert browser.sign_in(email).status_code == 303
        return browser

    def opened(self, member, *areas, **how: Any):
        """A live grant of the member's company, asked for and granted by them."""
        with self.as_(member) as uow:
            grant = ask_for_help(uow, *areas, **how)
            support_access.grant(uow, grant.id)
            return grant.id

    def inside(self, browser: StaffBrowser, member, *areas, **how: Any):
        """The browser, come in under a new grant."""
        grant_id = self.opened(member, *areas, **how)
        entry = browser.post(f"/operator/openings/{member.company.id}/{grant_id}/entry")
        assert entry.status_code == 303, entry.text
        return grant_id


@pytest.fixture(scope="module")
def house(database_server, worker_id, tmp_path_factory, request) -> Iterator[House]:
    name = f"staffroom_support_{request.module.__name__.rpartition('.')[2]}_{worker_id}"
    database = database_server.clone(name)
    clock = Clock()
    app = create_app(make_settings(database, tmp_path_factory.mktemp("instance")), clock=clock)
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
    made = House(app, cast, clock, database.admin_url)
    clock.ahead = NOW - clock.now()  # what Acme owns is dated as in all other tests
    with made.as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    clock.ahead = timedelta(0)
    yield made
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def staff(house: House) -> Callable[[str], StaffBrowser]:
    return house.staff
