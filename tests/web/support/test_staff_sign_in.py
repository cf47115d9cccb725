"""The staff's own door: set-up, sign-in, short sessions, and a host name that mixes with no other."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from datetime import timedelta

import pytest

from portal.services import operator_staff
from tests.web.support.conftest import PASSWORD, STAFF_HOST, StaffBrowser

NAMES = itertools.count(1)


@contextmanager
def later(house, by: timedelta):
    house.clock.ahead += by
    try:
        yield
    finally:
        house.clock.ahead -= by


@pytest.fixture
def sam(house):
    return house.staff(f"Sam{next(NAMES)}")


def added(house) -> tuple[str, str]:
    email = f"new{next(NAMES)}@operator.example"
    with house.operator() as working:
        return email, operator_staff.add(working, email=email, name="New Supporter")


def test_nobody_is_a_member_of_the_staff_by_default(app):
    """ASVS 6.3.2: no account comes with the installation, and no page makes one."""
    makes = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/operator/staff")]
    assert makes == []


def test_a_set_up_link_is_good_once_and_for_a_day(house):
    email, token = added(house)
    browser = StaffBrowser(house.app, house.clock).set_up(token)
    assert browser.get(f"/operator/set-up/{token}").status_code == 404
    assert browser.sign_in(email).status_code == 303
    _email, late = added(house)
    with later(house, timedelta(hours=24, seconds=1)):
        assert browser.get(f"/operator/set-up/{late}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "short", "repeated": "short"}, "at least"),
        ({"password": "passwordpassword", "repeated": "passwordpassword"}, "password"),
        ({"repeated": "another lamp beside it"}, "not the same"),
        ({"code": "000000"}, "code"),
    ],
)
def test_a_bad_set_up_says_why_and_leaves_the_link(house, changed, said):
    _email, token = added(house)
    browser = StaffBrowser(house.app, house.clock)
    browser.get(f"/operator/set-up/{token}")
    data = {"password": PASSWORD, "repeated": PASSWORD, "code": "123456", **changed}
    answer = browser.post(f"/operator/set-up/{token}", data)
    assert answer.status_code == 422
    assert said in answer.text
    assert browser.get(f"/operator/set-up/{token}").status_code == 200


def test_all_three_are_needed_and_which_was_wrong_is_not_said(house, sam):
    """ASVS 6.3.3, 6.3.8: e-mail, password and code together; one sentence for each of them wrong."""
    sam.post("/operator/sign-out")
    answers = [
        sam.sign_in(sam.email, password="another password entirely"),
        sam.sign_in(sam.email, code="000000"),
        sam.sign_in("nobody@operator.example"),
    ]
    assert {one.status_code for one in answers} == {422}
    assert all("do not fit together" in one.text for one in answers)
    assert sam.get("/operator/").status_code == 303
    assert sam.sign_in(sam.email).status_code == 303


def test_a_code_opens_once(house, sam):
    sam.post("/operator/sign-out")
    assert sam.sign_in(sam.email).status_code == 303
    used = sam.code()
    sam.post("/operator/sign-out")
    assert (
        sam.post("/operator/sign-in", {"email": sam.email, "password": PASSWORD, "code": used}).status_code
        == 422
    )


def test_five_wrong_tries_make_one_wait(house, sam):
    """Also with the right password and code, until the quarter of an hour is over."""
    sam.post("/operator/sign-out")
    for _ in range(5):
        assert sam.sign_in(sam.email, password="another password entirely").status_code == 422
    assert sam.sign_in(sam.email).status_code == 422
    with later(house, timedelta(minutes=16)):
        assert sam.sign_in(sam.email).status_code == 303


def test_one_address_cannot_go_on_guessing(house):
    browser = StaffBrowser(house.app, house.clock)
    browser.secret = "A" * 32
    answers = [browser.sign_in(f"guess{one}@operator.example").status_code for one in range(21)]
    assert answers == [422] * 20 + [429]


def test_a_session_is_short(house, sam):
    """20 minutes without use, four hours at most, and none for whoever was removed."""
    with later(house, timedelta(minutes=21)):
        assert sam.get("/operator/").status_code == 303
    kim = house.staff(f"Kim{next(NAMES)}")
    for _ in range(13):
        house.clock.ahead += timedelta(minutes=19)
        last = kim.get("/operator/").status_code
    assert last == 303
    lou = house.staff(f"Lou{next(NAMES)}")
    assert lou.get("/operator/").status_code == 200
    with house.operator() as working:
        operator_staff.remove(working, lou.email)
    assert lou.get("/operator/").status_code == 303


def test_the_two_hosts_answer_their_own_pages_alone(house, sam):
    """ASVS 3.5.4: staff pages are not found at the customers' host, nor theirs at the staff's."""
    client = house.app.test_client()
    for path in (
        "/operator/",
        "/operator/sign-in",
        f"/operator/set-up/{'x' * 43}",
        "/operator/emergencies/new",
    ):
        assert client.get(path, base_url="http://localhost").status_code == 404, path
        assert client.get(path, base_url=STAFF_HOST).status_code in {200, 303, 404}
    assert client.get("/operator/sign-in", base_url=STAFF_HOST).status_code == 200
    for path in (
        "/c/beta/sign-in",
        "/c/beta/",
        "/c/beta/people",
        "/c/beta/forgotten-password",
        "/outbox",
        "/preferences",
    ):
        assert client.get(path, base_url=STAFF_HOST).status_code in {404, 405}, path
    assert client.get("/", base_url=STAFF_HOST).location == "/operator/"
    assert client.get("/healthz", base_url=STAFF_HOST).status_code == 200


def test_the_staffs_cookie_opens_nothing_for_customers_and_the_other_way_round(house, sam):
    """A cookie of one host, carried over to the other by hand, is nobody's."""
    staffs = sam.client.get_cookie("__Host-operator", domain="support.localhost")
    assert staffs.secure and staffs.http_only and staffs.same_site == "Strict"
    client = house.app.test_client()
    client.set_cookie("__Host-sid", staffs.value, domain="localhost", secure=True)
    assert client.get("/c/beta/people", base_url="http://localhost").status_code == 303
    client.set_cookie("__Host-operator", "x" * 43, domain="support.localhost", secure=True)
    assert client.get("/operator/", base_url=STAFF_HOST).status_code == 303
