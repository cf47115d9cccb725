"""Somebody outside hangs: a provider, its keys, a name server, Stripe. The portal goes on with its last connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event

import pytest
from sqlalchemy import update

from portal.db import db
from portal.domain.clock import SystemClock
from portal.domain.licences import LicenceKind
from portal.domain.sso import ProviderKind
from portal.integrations.dns import DnsLookup
from portal.integrations.outbound import Outbound
from portal.integrations.payments import NoPayments, StripePayments
from portal.models import Company, Employee
from portal.services import domains, licences
from tests.factories.identity_providers import TENANT, give_account, make_provider
from tests.fixtures.name_server import name_server
from tests.fixtures.stripe_end import SECRET, event, signed
from tests.web.sso.conftest import EVE, EVE_OID

MICROSOFT = ProviderKind.MICROSOFT


@pytest.fixture
def house(asking, reach_vendors):
    """Acme with Entra, where Eve has an account, and with a browser of Ana's."""
    staffroom = asking.app.extensions["staffroom"]
    staffroom.clock.move_to(SystemClock().now())
    staffroom.outside.microsoft.forget()
    with asking.app.app_context(), asking.work(asking.cast.ana) as uow:
        provider = make_provider(uow, MICROSOFT)
        give_account(uow, provider, asking.cast.eve.employee_id, f"{TENANT}:{EVE_OID}")
        asking.entra = f"/c/acme/sso/{provider.id}"
        asking.saml = make_provider(uow, ProviderKind.SAML, settings={}).id
    reach_vendors.knows("eve", **EVE[MICROSOFT])
    reach_vendors.tell(redirect_uris=[f"http://localhost{asking.entra}/callback"], person="eve")
    asking.vendors = reach_vendors
    return asking


@contextmanager
def one_connection_left(app) -> Iterator[None]:
    """Everything else of the pool is at work elsewhere."""
    with app.app_context(), ExitStack() as taken:
        pool = db.engine.pool
        for _ in range(pool.size() + pool._max_overflow - 1):
            taken.enter_context(db.engine.connect())
        yield


def while_it_hangs(
    house,
    press: Callable[[], object],
    hanging: Callable[[], object],
    let_go: Callable[[], None] | None = None,
) -> Future:
    """Presses in a thread of its own; as soon as that hangs, somebody else opens a page. Answers what was pressed."""
    with one_connection_left(house.app), ThreadPoolExecutor(1) as threads:
        pressed = threads.submit(press)
        give_up = time.monotonic() + 4
        while not hanging():
            assert time.monotonic() < give_up and not pressed.done(), pressed
            time.sleep(0.01)
        assert house.app.test_client().get("/c/acme/sign-in").status_code == 200
        assert not pressed.done(), "the page had to wait until it was over"
        if let_go is not None:
            let_go()
        house.vendors.tell(hold=None)
        return pressed


def test_a_provider_that_hangs_keeps_no_connection(house):
    """On the way there, and when the answer is in; then it answers, and Eve is in."""
    vendors = house.vendors
    for hold in ("discovery", "token", "keys"):
        house.app.extensions["staffroom"].outside.microsoft.forget()
        eve, path = house.app.test_client(), house.entra
        if hold != "discovery":
            path = vendors.walk(eve.get(house.entra).location)
        vendors.tell(hold=hold)
        answer = while_it_hangs(house, partial(eve.get, path), lambda: vendors.held() == 1).result()
        assert answer.status_code == 303
        if hold == "discovery":
            answer = eve.get(vendors.walk(answer.location))
        assert answer.location == "/c/acme/"
        assert "Eve" in eve.get("/c/acme/profile").text
    the_answer_counts_once_and_by_what_holds_then(house)


def the_answer_counts_once_and_by_what_holds_then(house):
    """T10: of two at once the second gets nothing. And whoever was deactivated meanwhile stays outside."""
    eve, vendors = house.app.test_client(), house.vendors
    came_back = vendors.walk(eve.get(house.entra).location)
    again = house.app.test_client()
    again.set_cookie("__Host-sso", eve.get_cookie("__Host-sso").value, domain="localhost", secure=True)
    vendors.tell(hold="token")

    def hangs_and_much_has_happened() -> bool:
        if vendors.held() != 1:
            return False
        assert again.get(came_back).status_code == 400
        with house.work(house.cast.ana) as uow:
            uow.session.execute(
                update(Employee).where(Employee.id == house.cast.eve.employee_id).values(active=False)
            )
        return True

    answer = while_it_hangs(house, lambda: eve.get(came_back), hangs_and_much_has_happened).result()
    assert answer.status_code == 403


def test_metadata_and_records_that_do_not_come_keep_no_connection(house):
    """The admin waits alone, and reads that nothing came: of a provider's paper, and of a domain's record."""
    asked, enough = Event(), Event()

    def resolve(_name: str, _seconds: float) -> list[str]:
        asked.set()
        enough.wait(30)
        raise OSError

    ana = house.browser(house.token(house.cast.ana))
    ana.form_token()
    with name_server() as zone, house.app.app_context():
        look_up = DnsLookup(["127.0.0.1"], port=zone.port, patience=2)
        turn_to(house.app, outbound=Outbound(resolve=resolve), dns=look_up)
        with house.work(house.cast.ana) as uow:
            claim_id = domains.claim(uow, "acme.example")
        read = f"/c/acme/settings/sign-in/providers/{house.saml}/metadata-reading"
        wanted = {"url": "https://idp.acme.example/metadata"}
        answer = while_it_hangs(house, lambda: ana.send(read, wanted), asked.is_set, enough.set).result()
        assert answer.status_code == 422
        assert "idp.acme.example" in answer.text
        zone.silent = True
        check = f"/c/acme/settings/domains/{claim_id}/checks"
        assert while_it_hangs(house, lambda: ana.send(check), lambda: zone.asked).result().status_code == 303


def turn_to(app, **world) -> None:
    """From now on this is what the portal finds outside."""
    staffroom = app.extensions["staffroom"]
    for name, one in world.items():
        object.__setattr__(staffroom.outside, name, one)


def test_a_till_that_does_not_answer_keeps_no_connection(house, stripe_end):
    """Stripe hangs: under the page, on the way to buy, and when a message has come in."""
    payments = StripePayments("sk_test_1", SECRET, "price_1", stripe_end.url)
    turn_to(house.app, payments=payments)
    with house.app.app_context(), house.work(house.cast.ana) as uow:
        licences.locked_row(uow).stripe_customer = "cus_acme"
    stripe_end.subscribe("cus_acme", quantity=1)
    ana = house.browser(house.token(house.cast.ana))
    ana.form_token()
    body, headers = signed(event("cus_acme"), house.app.extensions["staffroom"].clock.now().timestamp())
    knock = partial(house.app.test_client().post, "/webhooks/stripe", data=body, headers=headers)
    pressed = {
        "page": lambda: ana.get("/c/acme/billing"),
        "own pages": lambda: ana.send("/c/acme/billing/portal"),
        "checkout": lambda: ana.send("/c/acme/billing/checkout"),
        "webhook": knock,
    }
    answers = {}
    for name, press in pressed.items():
        stripe_end.hold, stripe_end.held = Event(), 0
        answers[name] = while_it_hangs(house, press, lambda: stripe_end.held, stripe_end.hold.set).result()
        stripe_end.hold = None
    turn_to(house.app, payments=NoPayments())
    told = {name: answer.status_code for name, answer in answers.items()}
    assert told == {"page": 200, "own pages": 200, "checkout": 409, "webhook": 200}
    with house.app.app_context(), house.work(house.cast.ana) as uow:
        kind = uow.session.get(Company, house.cast.acme.id).licence_kind
    assert kind is LicenceKind.PAID
