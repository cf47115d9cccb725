"""From nothing to single sign-on for everybody, as an admin does it: add, set up, test, switch on, require."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from sqlalchemy import select, update

from portal.domain.sso import ProviderState
from portal.models import Employee, IdentityProvider, SignInSession
from portal.services import sign_in_links
from portal.services.sign_in_links import LinkPurpose
from portal.services.sso import provider_lines, providers, secret_warnings
from portal.services.sso.providers import ProviderFacts
from tests.factories.identity_providers import CLIENT, SECRET, make_provider, verify_domain
from tests.factories.people import PASSWORD
from tests.factories.sign_in import bind_phone
from tests.fixtures.letters import code_in, latest, subjects
from tests.web.sso.conftest import EVE, GOOGLE, MICROSOFT

SETTINGS = "/c/acme/settings/sign-in"


@pytest.fixture
def admin(client, cast, vendors):
    """Ana, who signed in a moment ago."""
    return client.sign_in(cast.ana)


def add(client, kind, name="Work account"):
    """A draft; the address of its set-up page."""
    return client.send(f"{SETTINGS}/providers", {"kind": kind.value, "name": name}).location


def fill(client, place, kind, **changes):
    values = {"name": "Work account", **CLIENT[kind], "secret": SECRET, "joining": "invited", **changes}
    return client.send(place, values)


def test_from_nothing_to_required(admin, as_, cast, vendors, kind, app):
    """The whole way, ending with one emergency password and everybody else at the provider."""
    with as_(cast.ana) as uow:
        verify_domain(uow, "acme.example")
        bind_phone(uow, cast.ana.employee_id)
    client = admin
    assert "No provider yet" in client.page(SETTINGS)
    place = add(client, kind)
    page = client.page(place)
    redirect_uri = re.search(r'id="redirect-uri">([^<]+)<', page).group(1)
    assert f"{place}/test" not in page, "nothing to test yet"
    assert fill(client, place, kind).status_code == 303
    assert SECRET not in client.page(place)
    assert client.send(f"{place}/activation").status_code == 422, "not before a test"

    vendors.tell(redirect_uris=[redirect_uri], person="ana")
    vendors.knows("ana", **{**EVE[kind], "email": cast.ana.email, "given_name": "Ana"})
    report = client.get(vendors.walk(client.get(f"{place}/test").location)).location
    page = client.page(report)
    assert "this account would not be let in yet" in page
    assert re.search(r"<code>exp</code></dt><dd[^>]*>\d+ \w+ \d{4}, \d\d:\d\d \(\d{10}\)<", page), (
        "a readable moment"
    )
    assert page.count("Names an account") == 1
    assert cast.ana.email in page
    assert "Failed" in page
    assert client.send(f"{place}/activation").status_code == 303

    link_to(client, vendors, place.rpartition("/")[2])
    report = client.get(vendors.walk(client.get(f"{place}/test").location)).location
    assert "this account would be let in" in client.page(report)

    answer = client.send(f"{SETTINGS}/requirement", {"break_glass": str(cast.ana.employee_id)})
    assert answer.status_code == 303
    assert "Ana" in client.page(SETTINGS)
    check_that_passwords_are_shut_out(app.test_client(), client.staffroom, as_, cast)


def link_to(client, vendors, provider_id):
    """What everybody can do on their own page."""
    answer = client.send(f"/c/acme/sign-in-methods/{provider_id}/links")
    page = client.page(answer.location)
    url = re.search(r'href="(https://[^"]+)"', page).group(1).replace("&amp;", "&")
    assert client.get(vendors.walk(url)).location == "/c/acme/sign-in-methods"
    assert "Linked since" in client.page("/c/acme/sign-in-methods")


def check_that_passwords_are_shut_out(browser, staffroom, as_, cast):
    browser.staffroom = staffroom
    page = browser.page("/c/acme/sign-in")
    assert 'name="password"' not in page
    assert 'name="password"' in browser.page("/c/acme/sign-in?emergency=1")
    refused = browser.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})
    assert refused.status_code == 422
    assert "do not match" in refused.text
    opened = browser.send("/c/acme/sign-in", {"email": cast.ana.email, "password": PASSWORD})
    assert opened.location.startswith("/c/acme/sign-in/code")
    assert browser.get("/c/acme/").status_code == 303, "not without the second factor"
    with as_(cast.ana) as uow:
        code = code_in(latest(uow))
    assert browser.send("/c/acme/sign-in/code", {"code": code}).location == "/c/acme/"


@pytest.fixture
def tested(admin, as_, cast):
    """An active provider that Ana has tested, and a telephone of hers."""
    with as_(cast.ana) as uow:
        bind_phone(uow, cast.ana.employee_id)
        provider = make_provider(uow, tested_at=uow.clock.now(), tested_by_id=cast.ana.employee_id)
        return provider.id


def require(client, cast, who="ana"):
    return client.send(f"{SETTINGS}/requirement", {"break_glass": str(cast.people[who].employee_id)})


def test_password_sessions_of_others_end_at_their_next_click(admin, app, cast, tested):
    eve = app.test_client()
    eve.staffroom = admin.staffroom
    eve.sign_in(cast.eve)
    assert eve.get("/c/acme/profile").status_code == 200
    assert require(admin, cast).status_code == 303
    assert eve.get("/c/acme/profile").location.startswith("/c/acme/sign-in")
    eve.sign_in(cast.eve)  # a session that was opened meanwhile, past every check at the door
    assert eve.get("/c/acme/profile").location.startswith("/c/acme/sign-in")
    assert admin.get("/c/acme/profile").status_code == 200, "the emergency admin stays"


def test_passwords_open_the_door_again_when_allowed(admin, cast, tested, app):
    require(admin, cast)
    assert admin.send(f"{SETTINGS}/requirement/end").status_code == 303
    browser = app.test_client()
    browser.staffroom = admin.staffroom
    assert (
        browser.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD}).location
        == "/c/acme/"
    )


@pytest.mark.parametrize("who", ["eve", "zoe"])
def test_only_a_ready_admin_of_the_company_keeps_the_password(admin, cast, tested, who):
    assert require(admin, cast, who).status_code == 422


def test_without_ones_own_test_nothing_is_required(admin, as_, cast, tested):
    with as_(cast.ana) as uow:
        uow.session.execute(update(IdentityProvider).values(tested_by_id=cast.mats.employee_id))
    assert require(admin, cast).status_code == 422
    assert "your own test" in admin.page(SETTINGS)


def test_the_emergency_admin_and_the_last_provider_stay(admin, as_, cast, tested):
    require(admin, cast)
    assert admin.send(f"{SETTINGS}/providers/{tested}/deactivation").status_code == 422
    changed = {"client_id": "other-acme.apps.googleusercontent.com"}
    assert fill(admin, f"{SETTINGS}/providers/{tested}", GOOGLE, **changed).status_code == 422
    assert admin.send(f"/c/acme/people/{cast.ana.employee_id}/deactivation").status_code != 303
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(Employee.active).where(Employee.id == cast.ana.employee_id))


def test_another_client_is_another_provider(admin, as_, cast, tested):
    """What was tested is what opens: with new settings the provider is a draft, and its people are out."""
    changed = {"client_id": "other-acme.apps.googleusercontent.com"}
    assert fill(admin, f"{SETTINGS}/providers/{tested}", GOOGLE, **changed).status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider)).one()
        assert (row.state.value, row.tested_at) == ("draft", None)
    assert admin.send(f"{SETTINGS}/providers/{tested}/activation").status_code == 422


def test_a_new_secret_keeps_it_open(admin, as_, cast, tested):
    """Secrets expire every year; nobody is locked out by entering the next one."""
    assert fill(admin, f"{SETTINGS}/providers/{tested}", GOOGLE, secret="the-next-one").status_code == 303
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider)).one()
        assert row.state.value == "active"
        assert b"the-next-one" not in row.secret_sealed


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (GOOGLE, "client_id", "not-a-client"),
        (MICROSOFT, "client_id", "not-a-guid"),
        (MICROSOFT, "tenant_id", "common"),
        (MICROSOFT, "tenant_id", "9188040d-6c67-4c5b-b112-36a304b66dad"),
        (MICROSOFT, "role_mapping", "no equals sign"),
        (MICROSOFT, "role_mapping", "group = admin"),
        (MICROSOFT, "role_mapping", "group = hr"),
        (MICROSOFT, "role_mapping", "group = no-such-role"),
        (GOOGLE, "joining", "verified-domains"),
        (GOOGLE, "joining", "everybody"),
        (GOOGLE, "name", ""),
        (GOOGLE, "name", "x" * 41),
    ],
)
def test_settings_that_cannot_be_right_are_refused_at_their_field(admin, as_, cast, kind, field, value):
    place = add(admin, kind)
    answer = fill(admin, place, kind, **{field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text or f'href="#{field}' in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(IdentityProvider.settings)).one() == {}


def test_two_buttons_never_say_the_same(admin):
    add(admin, GOOGLE)
    answer = admin.send(f"{SETTINGS}/providers", {"kind": "microsoft", "name": "work  ACCOUNT"})
    assert answer.status_code == 422
    assert "Another provider has this name" in answer.text


def test_changes_ask_who_is_there_after_five_minutes_and_keep_what_was_typed(admin, as_, cast, clock):
    """P4: whoever finds an open browser changes no way in; whose browser it is loses nothing but the secret."""
    place = add(admin, GOOGLE)
    clock.advance(timedelta(minutes=6))
    answer = fill(admin, place, GOOGLE, name="Kept & sent")
    assert answer.location == "/c/acme/sign-in/password-again?after=/c/acme/sign-in/kept-form"
    assert "what you entered is kept" in admin.page(answer.location)
    assert admin.get("/c/acme/sign-in/kept-form").status_code == 303, "not before the proof"
    proven = admin.send(
        "/c/acme/sign-in/password-again", {"password": PASSWORD, "after": "/c/acme/sign-in/kept-form"}
    )
    page = admin.page(proven.location)
    assert f'action="{place}"' in page and 'value="Kept &amp; sent"' in page
    said = read_aloud(page)
    assert said["Name on the button"] == ["Kept & sent"]
    assert said["Client ID"] == [CLIENT[GOOGLE]["client_id"]]
    assert said["Who may come in for the first time"] == [
        "Only people who were invited, or who link their account while signed in"
    ]
    assert "Client secret" not in said
    assert SECRET not in page and 'name="secret"' in page
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields = {name: html.unescape(value) for name, value in fields.items() if name != "csrf_token"}
    assert admin.send(place, {**fields, "secret": SECRET}).location == place
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider)).one()
        assert (row.name, row.secret_sealed is not None) == ("Kept & sent", True)
        session = uow.session.scalars(select(SignInSession).where(SignInSession.kept_form_until.is_not(None)))
        assert session.first() is None, "what was sent is kept no longer"
    assert admin.get("/c/acme/sign-in/kept-form").location == "/c/acme/"


def read_aloud(page: str) -> dict[str, list[str]]:
    """What the page of a form that waits says will be sent, label by label."""
    [shown] = lxml.html.fromstring(page).find_class("kept-entries")
    said: dict[str, list[str]] = {}
    for one in shown:
        words = " ".join(one.text_content().split())
        if one.tag == "dt":
            said[label := words] = []
        else:
            said[label].append(words)
    return said


def test_what_was_typed_waits_a_quarter_of_an_hour_in_one_browser(admin, app, cast, clock):
    place = add(admin, GOOGLE)
    clock.advance(timedelta(minutes=6))
    fill(admin, place, GOOGLE, name="Waits")
    other = app.test_client()
    other.staffroom = admin.staffroom
    other.sign_in(cast.ana)
    assert other.get("/c/acme/sign-in/kept-form").location == "/c/acme/"
    admin.send("/c/acme/sign-in/password-again", {"password": PASSWORD})
    assert "Waits" in admin.page("/c/acme/sign-in/kept-form")
    clock.advance(timedelta(minutes=16))
    admin.send("/c/acme/sign-in/password-again", {"password": PASSWORD})
    assert admin.get("/c/acme/sign-in/kept-form").location == "/c/acme/"


def test_a_test_names_what_is_wrong(admin, vendors, as_, cast):
    """The admin reads which check failed, and what to do."""
    place = add(admin, MICROSOFT)
    fill(admin, place, MICROSOFT)
    vendors.knows("ana", **{**EVE[MICROSOFT], "ver": "1.0"})
    vendors.tell(redirect_uris=[f"http://localhost{sso_of(place)}/callback"], person="ana")
    report = admin.get(vendors.walk(admin.get(f"{place}/test").location)).location
    page = admin.page(report)
    assert "would be refused" in page
    assert "A token of version 2.0" in page
    assert admin.send(f"{place}/activation").status_code == 422


def test_a_wrong_secret_is_said_in_the_test(admin, vendors):
    place = add(admin, GOOGLE)
    fill(admin, place, GOOGLE, secret="not-the-secret")
    vendors.knows("ana", **EVE[GOOGLE])
    vendors.tell(redirect_uris=[f"http://localhost{sso_of(place)}/callback"], person="ana")
    report = admin.get(vendors.walk(admin.get(f"{place}/test").location)).location
    assert "the secret has expired" in admin.page(report)


def test_a_vendor_out_of_reach_brings_the_admin_back_to_the_set_up(admin, vendors):
    place = add(admin, MICROSOFT)
    fill(admin, place, MICROSOFT)
    vendors.tell(down="all")
    assert admin.get(f"{place}/test").location == place
    assert "does not answer at the moment" in admin.page(place)


def test_a_report_is_for_who_made_the_test(admin, vendors, as_, cast, app):
    place = add(admin, GOOGLE)
    fill(admin, place, GOOGLE)
    vendors.knows("ana", **EVE[GOOGLE])
    vendors.tell(redirect_uris=[f"http://localhost{sso_of(place)}/callback"], person="ana")
    came_back = vendors.walk(admin.get(f"{place}/test").location)
    cookie = admin.get_cookie("__Host-sso", domain="localhost")
    eve = app.test_client()
    eve.staffroom = admin.staffroom
    eve.sign_in(cast.eve)
    eve.set_cookie("__Host-sso", cookie.value, domain="localhost", secure=True, httponly=True)
    assert eve.get(came_back).status_code == 400, "a test belongs to its admin"


def test_linking_is_told_by_mail_and_can_be_taken_back(admin, vendors, as_, cast):
    with as_(cast.ana) as uow:
        verify_domain(uow, "acme.example")
        provider_id = make_provider(uow).id
    vendors.knows("ana", **EVE[GOOGLE])
    vendors.tell(redirect_uris=[f"http://localhost/c/acme/sso/{provider_id}/callback"], person="ana")
    link_to(admin, vendors, provider_id)
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.ana.email)[-1].startswith("A new way to sign in")
    assert admin.send(f"/c/acme/sign-in-methods/{provider_id}/removal").status_code == 303
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.ana.email)[-1].startswith("A way to sign in")
    assert "Not linked" in admin.page("/c/acme/sign-in-methods")


def test_an_account_of_somebody_is_not_linked_again(walks, cast):
    """Otto at Eve's account: it stays Eve's."""
    walks.vendors.knows("eve", **EVE[GOOGLE])
    walks.vendors.tell(person="eve")
    walks.client.sign_in(cast.otto)
    answer = walks.client.send(f"/c/acme/sign-in-methods/{walks.ids[GOOGLE]}/links")
    url = re.search(r'href="(https://[^"]+)"', walks.client.page(answer.location)).group(1)
    answer = walks.client.get(walks.vendors.walk(url.replace("&amp;", "&")))
    assert answer.status_code == 422
    assert walks.denials()[-1]["reason"] == "account-free"


def test_the_log_gives_plain_reasons(walks, cast):
    walks.vendors.knows("mallory", **{**EVE[GOOGLE], "email": "mallory@acme.example"})
    walks.arrive(GOOGLE, "mallory")
    walks.client.sign_in(cast.ana)
    page = walks.client.page(f"{SETTINGS}/log")
    assert "mallory@acme.example" in page
    assert "Nobody has linked this account" in page


def sso_of(place):
    return f"/c/acme/sso/{place.rpartition('/')[2]}"


def test_everybody_who_manages_the_sign_in_is_told(admin, as_, cast, tested):
    """P4: a change is not made in silence."""
    admin.send(f"{SETTINGS}/providers/{tested}/deactivation")
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.ana.email)[-1].startswith("How Acme")


def test_an_invitation_offers_no_password_where_none_opens_anything(admin, as_, cast, tested, app):
    require(admin, cast)
    with as_(cast.ana) as uow:
        otto = uow.session.scalars(select(Employee).where(Employee.id == cast.otto.employee_id)).one()
        link, _ = sign_in_links.issue(uow, otto, LinkPurpose.INVITATION)
    path = link.removeprefix("http://localhost")
    browser = app.test_client()
    browser.staffroom = admin.staffroom
    page = browser.page(path)
    assert 'name="password"' not in page
    assert f"/c/acme/sso/{tested}?invitation=" in page
    new = {"password": "another staple of horses", "repeated": "another staple of horses"}
    answer = browser.send(path, new)
    assert answer.status_code == 422
    assert "does not use passwords here" in answer.text


def test_taking_the_second_factor_back_ends_what_was_opened_without_ours(walks, cast):
    walks.vendors.knows("eve", **EVE[GOOGLE])
    with walks.nobody() as uow:
        uow.session.execute(update(IdentityProvider).values(asks_second_factor=True))
    walks.arrive(GOOGLE)
    assert walks.client.get("/c/acme/profile").status_code == 200
    with walks.as_(cast.ana) as uow:
        line = provider_lines.look_at(uow, walks.ids[GOOGLE])
        facts = ProviderFacts(line.name, line.settings, "", False, line.joining, {})
        providers.configure(uow, walks.ids[GOOGLE], facts)
    assert walks.client.get("/c/acme/profile").status_code == 303


def test_admins_are_warned_by_mail_before_a_secret_ends(admin, as_, cast, clock):
    """30, 7 and 1 days before, and when it is over; once each."""
    # The company's day, which is not always that of the clock.
    end = clock.now().astimezone(ZoneInfo(cast.acme.time_zone)).date() + timedelta(days=40)
    place = add(admin, MICROSOFT)
    assert fill(admin, place, MICROSOFT, secret_expires_on=end.isoformat()).status_code == 303
    assert f'value="{end.isoformat()}"' in admin.page(place)
    with as_(cast.ana) as uow:
        uow.session.execute(update(IdentityProvider).values(state=ProviderState.ACTIVE))
        before = len(subjects(uow, cast.ana.email))
    start, counts = clock.now(), []
    for day in (9, 10, 11, 33, 34, 39, 40, 41):
        clock.move_to(start + timedelta(days=day))
        for _ in range(2):
            with as_(cast.ana) as uow:
                secret_warnings.warn(uow)
        with as_(cast.ana) as uow:
            counts.append(len(subjects(uow, cast.ana.email)) - before)
    assert counts == [0, 1, 1, 2, 2, 3, 4, 4]
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.ana.email)[-1] == "The client secret of Work account is over"
        assert subjects(uow, cast.eve.email) == []
    admin.sign_in(cast.ana)
    assert "The secret is over" in admin.page(place)
    later = (clock.now().date() + timedelta(days=365)).isoformat()
    assert fill(admin, place, MICROSOFT, secret="the next", secret_expires_on=later).status_code == 303
    with as_(cast.ana) as uow:
        secret_warnings.warn(uow)
        assert subjects(uow, cast.ana.email)[-1] != "The client secret of Work account is about to end"
