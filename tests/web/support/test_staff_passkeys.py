"""A passkey as the second factor of the operator's staff: added, used, removed; forged or late it is refused."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.services import operator_staff
from tests.factories.passkeys import SoftKey
from tests.web.support.conftest import PASSWORD, STAFF_HOST, StaffBrowser

NAMES = itertools.count(1)
DOOR = "/operator/sign-in/passkey"
HOST = "support.localhost"


@pytest.fixture
def sam(house):
    return house.staff(f"Pat{next(NAMES)}")


def add(browser, name: str = "Key ring", key: SoftKey | None = None) -> SoftKey:
    key = key or SoftKey(site=HOST)
    options = browser.post("/operator/passkeys/challenges").get_json()
    answer = browser.post(
        "/operator/passkeys", {"name": name, "answer": key.register(options, origin=STAFF_HOST)}
    )
    assert answer.status_code == 303, answer.text
    return key


def ask(browser) -> dict:
    return browser.post(f"{DOOR}/challenges").get_json()


def outside(house) -> StaffBrowser:
    browser = StaffBrowser(house.app, house.clock)
    browser.get(DOOR)
    return browser


def enter(browser, email: str, answer: str, password: str = PASSWORD):
    return browser.post(DOOR, {"email": email, "password": password, "answer": answer})


def events(house, email: str) -> list[str]:
    with house.operator() as working:
        return [one.action for one in operator_staff.list_events(working, 400) if one.email == email]


def test_a_passkey_is_added_and_opens_the_door_with_the_password(house, sam):
    assert "You have no passkey yet" in sam.get("/operator/passkeys").text
    sam.get("/operator/passkeys/new")
    key = add(sam)
    assert "Key ring" in sam.get("/operator/passkeys").text
    browser = outside(house)
    answer = enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/operator/")
    assert "last used" in browser.get("/operator/passkeys").text
    assert events(house, sam.email)[:2] == ["signed in", "passkey added"]


def test_the_code_of_the_app_still_opens_it(sam):
    add(sam)
    assert sam.sign_in(sam.email).status_code == 303


def test_what_is_asked_names_nobody_and_is_kept_by_the_key(sam, house):
    """P9, ASVS 6.3.8: before the sign-in nobody learns who is of the staff, or whether they have a passkey."""
    options = sam.post("/operator/passkeys/challenges").get_json()
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"]["id"] == HOST
    add(sam)
    asked = ask(outside(house))
    assert asked["rpId"] == HOST and not asked.get("allowCredentials")
    assert sam.email not in json.dumps(asked)


def wrong_password(house, sam, key, browser):
    return enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST), "not the password at all")


def of_a_colleague(house, sam, key, browser):
    other = house.staff(f"Pat{next(NAMES)}")
    return enter(browser, other.email, key.sign(ask(browser), origin=STAFF_HOST))


def of_another_host(house, sam, key, browser):
    """What a false page, or the customers' own host, would get."""
    return enter(browser, sam.email, key.sign(ask(browser), origin="http://localhost"))


def of_another_browser(house, sam, key, browser):
    ask(browser)
    return enter(browser, sam.email, key.sign(ask(outside(house)), origin=STAFF_HOST))


def without_a_challenge(house, sam, key, browser):
    asked = ask(browser)
    enter(browser, "nobody@operator.example", "{}")
    return enter(browser, sam.email, key.sign(asked, origin=STAFF_HOST))


def too_late(house, sam, key, browser):
    asked = ask(browser)
    house.clock.ahead += timedelta(minutes=5, seconds=1)
    return enter(browser, sam.email, key.sign(asked, origin=STAFF_HOST))


def copied(house, sam, key, browser):
    """A key that counts backwards."""
    assert enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST)).status_code == 303
    key.counter = 0
    other = outside(house)
    refused = enter(other, sam.email, key.sign(ask(other), origin=STAFF_HOST))
    key.counter = 10
    return refused


def unknown(house, sam, key, browser):
    return enter(browser, sam.email, SoftKey(site=HOST).sign(ask(browser), origin=STAFF_HOST))


def rubbish(house, sam, key, browser):
    ask(browser)
    return enter(browser, sam.email, '{"id": 7}')


@pytest.mark.parametrize(
    "tried",
    [wrong_password, of_a_colleague, of_another_host, of_another_browser, without_a_challenge, too_late, copied,
     unknown, rubbish],
    ids=lambda one: one.__name__,
)  # fmt: skip
def test_anything_else_is_refused_in_the_same_words(house, sam, tried):
    key, browser = add(sam), outside(house)
    answer = tried(house, sam, key, browser)
    assert answer.status_code == 422
    assert "do not fit together" in answer.text
    fresh = outside(house)
    answer = enter(fresh, sam.email, key.sign(ask(fresh), origin=STAFF_HOST))
    assert answer.status_code == 303, "and the same key is good afterwards"


def test_an_answer_is_good_once(house, sam):
    key, browser = add(sam), outside(house)
    signed = key.sign(ask(browser), origin=STAFF_HOST)
    assert enter(browser, sam.email, signed).status_code == 303
    browser.post("/operator/sign-out")
    assert enter(browser, sam.email, signed).status_code == 422


def test_guessing_locks_this_way_too(house, sam):
    key, browser = add(sam), outside(house)
    for _ in range(5):
        assert (
            enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST), "wrong again").status_code
            == 422
        )
    other = outside(house)
    assert enter(other, sam.email, key.sign(ask(other), origin=STAFF_HOST)).status_code == 422, (
        "even the right one waits"
    )


def test_an_open_browser_changes_nothing_after_five_minutes(house, sam):
    key = add(sam)
    options = sam.post("/operator/passkeys/challenges").get_json()
    house.clock.ahead += timedelta(minutes=5, seconds=1)
    assert "sign out and in again" in sam.get("/operator/passkeys").text
    assert sam.get("/operator/passkeys/new").status_code == 403
    assert sam.post("/operator/passkeys/challenges").status_code == 403
    late = {"name": "Late", "answer": SoftKey(site=HOST).register(options, origin=STAFF_HOST)}
    assert sam.post("/operator/passkeys", late).status_code == 422
    assert sam.post(f"/operator/passkeys/{passkey_of(house, sam)}/removal").status_code == 403
    browser = outside(house)
    assert enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST)).status_code == 303


def passkey_of(house, browser) -> str:
    query = "SELECT p.id FROM operator_passkey p JOIN operator_staff s ON s.id = p.staff_id WHERE s.email = :email"
    with house.operator() as working:
        return str(working.session.execute(text(query), {"email": browser.email}).scalar_one())


def test_removed_by_its_owner_alone_it_opens_nothing(house, sam):
    key = add(sam)
    other = house.staff(f"Pat{next(NAMES)}")
    assert other.post(f"/operator/passkeys/{passkey_of(house, sam)}/removal").status_code == 404
    assert sam.post(f"/operator/passkeys/{passkey_of(house, sam)}/removal").status_code == 303
    browser = outside(house)
    assert enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST)).status_code == 422
    assert events(house, sam.email)[:2] == ["sign-in failed", "passkey removed"]


@pytest.mark.parametrize("by", [operator_staff.reset, operator_staff.remove])
def test_reset_and_removal_of_a_member_take_their_passkeys(house, sam, by):
    key = add(sam)
    with house.operator() as working:
        by(working, sam.email)
    browser = outside(house)
    assert enter(browser, sam.email, key.sign(ask(browser), origin=STAFF_HOST)).status_code == 422
    with house.operator() as working:
        query = "SELECT count(*) FROM operator_passkey p JOIN operator_staff s ON s.id = p.staff_id WHERE s.email = :e"
        assert working.session.execute(text(query), {"e": sam.email}).scalar_one() == 0


def test_the_customers_host_has_no_such_door(app, client):
    assert client.get(DOOR).status_code == 404
    assert client.send(f"{DOOR}/challenges").status_code == 404
