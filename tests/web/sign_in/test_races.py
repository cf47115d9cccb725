"""Many at once: codes, guesses and links raced by real threads on a database of their own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyotp
import pytest
from sqlalchemy import select, text

from portal.actors import Actor
from portal.app import create_app
from portal.db import UnitOfWork, db
from portal.models import Employee, OneTimeCode, PhoneFactor, SignInSession
from portal.services import invitations
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.companies import make_company, work
from tests.factories.people import PASSWORD, make_employee
from tests.factories.sign_in import PHONE, ask_for_codes, bind_phone, list_codes, set_up_app
from tests.fixtures.client import PortalClient
from tests.fixtures.letters import code_in, latest, link_in
from tests.fixtures.portal import make_settings

EMAIL = "eve@racers.example"


class Racers:
    """A served portal with one company and one person, and browsers that start at the same moment."""

    def __init__(self, app, company, employee_id) -> None:
        self.app, self.company, self.employee_id = app, company, employee_id
        self.staffroom = app.extensions["staffroom"]

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        with self.app.app_context(), work(self.staffroom, self.company) as uow:
            yield uow

    def browser(self) -> PortalClient:
        client = self.app.test_client()
        client.staffroom = self.staffroom
        return client

    def race(
        self, count: int, act: Callable[[int, PortalClient], int], browsers: list[PortalClient]
    ) -> Counter[int]:
        """Lets `count` threads act at once; how often each status came back."""
        barrier = threading.Barrier(count)
        statuses: list[int] = []

        def run(number: int) -> None:
            barrier.wait()
            statuses.append(act(number, browsers[number]))

        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(statuses) == count
        return Counter(statuses)


@pytest.fixture
def racers(fresh_database, tmp_path) -> Iterator[Racers]:
    app = create_app(make_settings(fresh_database, tmp_path))
    app.test_client_class = PortalClient
    with app.app_context():
        staffroom = app.extensions["staffroom"]
        company = make_company(staffroom, "racers", "Racers")
        with work(staffroom, company) as uow:
            employee = make_employee(uow, EMAIL, "Eve", "Racer")
            bind_phone(uow, employee.id)
    # No context stays open: requests inside one would share their `g`, and with it their form tokens.
    yield Racers(app, company, employee.id)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def half_open(racers) -> tuple[PortalClient, str, str]:
    """A browser that waits for its code, its cookie, and the code."""
    with racers.work() as uow:
        ask_for_codes(uow)
    browser = racers.browser()
    browser.send("/c/racers/sign-in", {"email": EMAIL, "password": PASSWORD})
    with racers.work() as uow:
        code = code_in(latest(uow, PHONE))
    return browser, browser.get_cookie(SESSION_COOKIE, domain="localhost").value, code


def test_fifty_right_codes_at_once_open_one_session(racers, half_open):
    """T51: exactly one of them gets in."""
    _, cookie, code = half_open

    def enter(_number: int, browser: PortalClient) -> int:
        answer = browser.send("/c/racers/sign-in/code", {"code": code})
        return 200 if answer.headers.get("Location") == "/c/racers/" else answer.status_code

    # The others find the code used (422), or their half-open session gone (303 to the sign-in).
    outcomes = racers.race(50, enter, _same(racers, cookie, 50))
    assert outcomes[200] == 1
    assert outcomes[422] + outcomes[303] == 49
    with racers.work() as uow:
        session = uow.session.scalars(select(SignInSession)).one()
        assert session.complete_at is not None
        succeeded = "SELECT count(*) FROM audit.event WHERE action = 'sign-in.succeeded'"
        assert uow.session.scalar(text(succeeded)) == 1
        assert uow.session.scalars(select(OneTimeCode)).one().attempts == 1


def test_of_sixty_wrong_guesses_at_once_five_are_heard(racers, half_open):
    """T52: the code is dead before the sixth is compared."""
    _, cookie, code = half_open

    def guess(number: int, browser: PortalClient) -> int:
        return _type(browser, f"{(int(code) + number + 1) % 10**6:06d}")

    statuses = racers.race(60, guess, _same(racers, cookie, 60))
    assert statuses == {422: 60}
    with racers.work() as uow:
        assert uow.session.scalars(select(OneTimeCode)).one().attempts == 5
        assert uow.session.scalars(select(PhoneFactor)).one().consecutive_failures == 5
        tried = "SELECT count(*) FROM sign_in_attempt WHERE step = 'code'"
        assert uow.session.scalar(text(tried)) == 5


def test_a_link_used_twenty_times_at_once_is_used_once(racers):
    """ASVS 2.3.4: one password is set, one browser is in."""
    with racers.work() as uow:
        invitations.invite(uow, uow.session.get(Employee, (racers.company.id, racers.employee_id)))
    with racers.work() as uow:
        link = link_in(latest(uow, EMAIL))
    browsers = [racers.browser() for _ in range(20)]
    for browser in browsers:
        browser.form_token()

    def choose(number: int, browser: PortalClient) -> int:
        password = f"number {number} of twenty passwords"
        return browser.send(link, {"password": password, "repeated": password}).status_code

    assert racers.race(20, choose, browsers) == {303: 1, 410: 19}


def test_wrong_passwords_at_once_are_not_overtaken(racers):
    """ASVS 6.3.1: of thirty guesses at the same moment five are checked."""
    browsers = [racers.browser() for _ in range(30)]
    for browser in browsers:
        browser.form_token()

    def guess(_number: int, browser: PortalClient) -> int:
        return browser.send("/c/racers/sign-in", {"email": EMAIL, "password": "wrong"}).status_code

    assert racers.race(30, guess, browsers) == {422: 5, 429: 25}


def _type(browser: PortalClient, code: str) -> int:
    return browser.send("/c/racers/sign-in/code", {"code": code}).status_code


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_one_code_in_many_sign_ins_at_once_opens_one(racers, kind):
    """T65: of twelve browsers that wait, all with the same code of an app or of the list, one gets in."""
    with racers.work() as uow:
        ask_for_codes(uow)
        employee = uow.session.scalars(select(Employee)).one()
        uow.actor = Actor(employee.id, employee.name, employee.email)
        secret = set_up_app(uow, employee.id)
        listed = list_codes(uow)[0]
    browsers = [racers.browser() for _ in range(12)]
    for browser in browsers:
        browser.send("/c/racers/sign-in", {"email": EMAIL, "password": PASSWORD})
    where = "authenticator" if kind == "app" else "recovery-code"
    code = pyotp.TOTP(secret).now() if kind == "app" else listed

    def enter(_number: int, browser: PortalClient) -> int:
        return browser.send(f"/c/racers/sign-in/{where}", {"code": code}).status_code

    outcomes = racers.race(12, enter, browsers)
    assert outcomes[303] == 1, outcomes
    assert outcomes[422] + outcomes[429] == 11
    with racers.work() as uow:
        opened = uow.session.scalars(select(SignInSession).where(SignInSession.second_factor_at.is_not(None)))
        assert len(list(opened)) == 1


def _same(racers: Racers, cookie: str, count: int) -> list[PortalClient]:
    """So many windows of one browser, each with its form ready."""
    browsers = [racers.browser() for _ in range(count)]
    for browser in browsers:
        browser.form_token()
        browser.set_cookie(SESSION_COOKIE, cookie, domain="localhost", secure=True)
    return browsers
