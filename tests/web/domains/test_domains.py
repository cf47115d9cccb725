"""E-mail domains: claimed by an admin, proven in the DNS, given up."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.domain.email_domains import DomainStatus, record_name, record_value
from portal.integrations.dns import DnsLookup
from portal.models import DomainClaim
from portal.services import companies
from tests.fixtures.name_server import name_server


@pytest.fixture
def zone(staffroom):
    """The DNS of the test: a real server that the portal really asks."""
    before = staffroom.outside.dns
    with name_server() as zone:
        object.__setattr__(staffroom.outside, "dns", DnsLookup(["127.0.0.1"], port=zone.port, patience=1))
        yield zone
        object.__setattr__(staffroom.outside, "dns", before)


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


@pytest.fixture
def claim_of(as_, cast):
    """The row as it stands, by company's admin and domain."""

    def find(member, domain="acme.example"):
        with as_(member) as uow:
            return uow.session.scalars(select(DomainClaim).where(DomainClaim.domain == domain)).one_or_none()

    return find


@contextmanager
def browser_of(app, client, member):
    other = app.test_client()
    other.staffroom = client.staffroom
    yield other.sign_in(member)


def add(client, domain="acme.example"):
    return client.send("settings/domains", {"domain": domain})


def publish(zone, *claims):
    zone.txt(record_name(claims[0].domain), *(record_value(claim.token) for claim in claims))


def press_check(client, claim):
    return client.send(f"settings/domains/{claim.id}/checks")


def holder(app, domain="acme.example"):
    with app.app_context():
        return companies.find_slug(f"x@{domain}")


def actions(as_, member):
    with as_(member) as uow:
        query = text("SELECT action FROM audit.event WHERE action LIKE 'domain.%' ORDER BY seq")
        return list(uow.session.scalars(query))


def test_an_open_browser_adds_and_removes_no_domain(ana, claim_of, cast, clock):
    """P4: who may join and where addresses lead is decided by whoever has just proven themselves."""
    add(ana)
    claim = claim_of(cast.ana)
    clock.advance(timedelta(minutes=5, seconds=1))
    for answer in (add(ana, "other.example"), ana.send(f"settings/domains/{claim.id}/removal")):
        assert answer.headers["Location"].startswith("/c/acme/sign-in/password-again")
    assert claim_of(cast.ana) is not None
    assert claim_of(cast.ana, "other.example") is None


def test_an_empty_page_says_what_it_is_for(ana):
    page = ana.page("settings/domains")
    assert "record in its DNS" in page
    assert "Add a domain" in page


def test_a_claim_shows_the_exact_record_and_counts_for_nothing(ana, app, cast, claim_of):
    assert add(ana).status_code == 303
    claim = claim_of(cast.ana)
    page = ana.page("settings/domains")
    assert ">_staffroom-challenge.acme.example</code>" in page
    assert f">staffroom-verification={claim.token}</code>" in page
    assert re.search(r"data-copy=\"#value-[0-9a-f-]+\"", page)
    assert "Waiting for the record" in page
    assert holder(app) is None


def test_the_record_makes_it_count(ana, app, cast, zone, claim_of, as_):
    add(ana)
    claim = claim_of(cast.ana)
    publish(zone, claim)
    answer = press_check(ana, claim)
    assert answer.headers["Location"] == f"/c/acme/settings/domains#domain-{claim.id}"
    assert claim_of(cast.ana).status is DomainStatus.VERIFIED
    assert holder(app) == "acme"
    page = ana.page("settings/domains")
    assert "acme.example is verified" in page
    assert "looked for once a month" in page
    assert actions(as_, cast.ana) == ["domain.claimed", "domain.verified"]


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda _zone: None, "There is no TXT record with this name yet"),
        (lambda zone: zone.txt("_staffroom-challenge.acme.example", "x"), "none has this value"),
        (lambda zone: setattr(zone, "silent", True), "did not answer"),
    ],
    ids=["nothing", "other value", "silence"],
)
def test_a_look_that_finds_nothing_says_what_to_do(ana, app, cast, zone, claim_of, prepare, said):
    add(ana)
    prepare(zone)
    press_check(ana, claim_of(cast.ana))
    assert said in ana.page("settings/domains")
    assert claim_of(cast.ana).status is DomainStatus.WAITING
    assert holder(app) is None


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("", 422, "This field is required"),
        ("   ", 422, ""),
        ("gmail.com", 422, "gmail.com gives a mailbox to anybody"),
        ("co.uk", 422, "such as example.co.uk"),
        ("eve@acme.example", 422, "after the @"),
        ("https://acme.example/", 422, "after the @"),
        ("acme", 422, "not the name of a domain"),
        ("a..b.de", 422, "not the name of a domain"),
        ("x" * 300 + ".de", 422, ""),
        ("<b>.de", 422, "not the name of a domain"),
        ("10.0.0.1", 422, "not the name of a domain"),
    ],
)
def test_what_cannot_be_claimed_is_422_and_changes_nothing(ana, cast, as_, typed, status, said):
    answer = add(ana, typed)
    assert answer.status_code == status
    assert said in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(DomainClaim)).all() == []


@pytest.mark.parametrize("typed", ["acme.example", " ACME.Example. ", "@acme.example"])
def test_the_same_domain_written_differently_is_the_same(ana, typed):
    add(ana)
    answer = add(ana, typed)
    assert answer.status_code == 422
    assert "in your list already" in answer.text


def test_letters_beyond_ascii_are_kept_as_the_dns_writes_them(ana, app, cast, zone, claim_of):
    add(ana, "Müller-Pflege.de")
    claim = claim_of(cast.ana, "xn--mller-pflege-dlb.de")
    page = ana.page("settings/domains")
    assert "müller-pflege.de <small" in page
    assert "_staffroom-challenge.xn--mller-pflege-dlb.de" in page
    publish(zone, claim)
    press_check(ana, claim)
    assert holder(app, "müller-pflege.de") == "acme"
    assert holder(app, "XN--mller-pflege-dlb.de.") == "acme"


def test_there_is_a_limit(ana, cast, as_, monkeypatch):
    monkeypatch.setattr("portal.domain.email_domains.MOST_DOMAINS", 2)
    assert [add(ana, f"{name}.example").status_code for name in "abc"] == [303, 303, 422]


def test_two_may_claim_and_neither_learns_of_the_other(app, client, ana, cast):
    """T101: a claim that nothing has proven blocks nobody."""
    add(ana)
    with browser_of(app, client, cast.zoe) as zoe:
        assert add(zoe).status_code == 303
        page = zoe.page("settings/domains")
    assert "another company" not in page.lower()
    assert "Waiting for the record" in page


def test_the_record_of_one_company_proves_nothing_for_another(app, client, ana, cast, zone, claim_of):
    """P1: Beta points at the record that Acme has published."""
    add(ana)
    publish(zone, claim_of(cast.ana))
    with browser_of(app, client, cast.zoe) as zoe:
        add(zoe)
        press_check(zoe, claim_of(cast.zoe))
        assert "none has this value" in zoe.page("settings/domains")
    assert holder(app) is None


def test_the_first_to_prove_it_has_it(app, client, ana, cast, zone, claim_of):
    add(ana)
    with browser_of(app, client, cast.zoe) as zoe:
        add(zoe)
        publish(zone, claim_of(cast.ana), claim_of(cast.zoe))
        press_check(zoe, claim_of(cast.zoe))
        press_check(ana, claim_of(cast.ana))
        assert holder(app) == "beta"
        assert claim_of(cast.ana).status is DomainStatus.WAITING
        assert "another company here has proven this domain before" in ana.page("settings/domains")
        zoe.send(f"settings/domains/{claim_of(cast.zoe).id}/removal")
        assert holder(app) is None
    press_check(ana, claim_of(cast.ana))
    assert holder(app) == "acme"


def test_removing_gives_it_up(ana, app, cast, zone, claim_of, as_):
    add(ana)
    publish(zone, claim_of(cast.ana))
    press_check(ana, claim_of(cast.ana))
    ana.send(f"settings/domains/{claim_of(cast.ana).id}/removal")
    assert claim_of(cast.ana) is None
    assert holder(app) is None
    assert actions(as_, cast.ana)[-1] == "domain.removed"


def test_removing_a_claim_takes_nothing_from_its_holder(app, client, ana, cast, zone, claim_of):
    """T99: Acme holds the domain; Beta's claim of the same name goes without touching it."""
    add(ana)
    publish(zone, claim_of(cast.ana))
    press_check(ana, claim_of(cast.ana))
    with browser_of(app, client, cast.zoe) as zoe:
        add(zoe)
        zoe.send(f"settings/domains/{claim_of(cast.zoe).id}/removal")
    assert holder(app) == "acme"


def test_another_company_finds_no_claim_of_acme(app, client, ana, cast, claim_of):
    """T99."""
    add(ana)
    claim = claim_of(cast.ana)
    with browser_of(app, client, cast.zoe) as zoe:
        for step in ("checks", "removal"):
            assert zoe.send(f"settings/domains/{claim.id}/{step}").status_code == 404
    assert claim_of(cast.ana) is not None


@pytest.mark.parametrize("who", ["eve", "mats", "pia"])
def test_only_admins_see_and_change_them(client, cast, who):
    client.sign_in(getattr(cast, who))
    assert client.get("/c/acme/settings/domains").status_code == 403
    assert add(client).status_code == 403


def test_what_the_operator_vouches_for_counts_and_can_be_proven(ana, app, cast, zone, claim_of, as_):
    with as_(cast.ana) as uow:
        companies.verify_domain(uow, "acme.example")
    assert holder(app) == "acme"
    assert "by the word of the operator" in ana.page("settings/domains")
    claim = claim_of(cast.ana)
    press_check(ana, claim)
    assert (claim_of(cast.ana).status, claim_of(cast.ana).vouched) == (DomainStatus.VERIFIED, True)
    publish(zone, claim)
    press_check(ana, claim)
    assert claim_of(cast.ana).vouched is False
    assert holder(app) == "acme"


def test_the_page_is_whole_in_other_languages_and_without_scripts(ana, as_, cast):
    add(ana)
    ana.set_cookie("language", "cs", domain="localhost")
    page = ana.page("settings/domains")
    assert 'action="/c/acme/settings/domains"' in page


def test_few_statements(ana, statements):
    for number in range(5):
        add(ana, f"d{number}.example")
    ana.get("/c/acme/settings/domains")
    statements.clear()
    ana.page("settings/domains")
    assert len(statements) <= 4
