"""An admin sets a SAML provider up: our values, its metadata with confirmed thumbprints, certificates, attributes."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.domain.sso import Joining, ProviderKind, ProviderState
from portal.integrations.outbound import OutboundRefused
from portal.integrations.sso.saml import read_certificate
from portal.jobs import sso_upkeep
from portal.models import IdentityProvider
from portal.models.audit_event import AuditEvent
from portal.services.sso import certificate_warnings
from tests.factories.identity_providers import make_provider, verify_domain
from tests.factories.people import PASSWORD
from tests.fixtures.letters import latest, subjects
from tests.fixtures.mini_idp import MiniIdp, key_pair, known_keys, metadata
from tests.web.saml.conftest import settings_of


def thumbprint(pem: str) -> str:
    return read_certificate(pem).thumbprint


@pytest.fixture
def idp() -> MiniIdp:
    return MiniIdp()


@pytest.fixture
def provider(as_, cast, idp):
    """A draft that nothing is known of yet."""
    with as_(cast.ana) as uow:
        row = make_provider(uow, ProviderKind.SAML, "Acme login", state=ProviderState.DRAFT, settings={})
        row.secret_sealed = None
        return row.id


@pytest.fixture
def kept(as_, cast, provider):
    def read() -> IdentityProvider:
        with as_(cast.ana) as uow:
            return uow.session.scalars(select(IdentityProvider).where(IdentityProvider.id == provider)).one()

    return read


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


def upload(client, provider, raw: bytes, **more):
    data = {"file": (io.BytesIO(raw), "metadata.xml"), **more}
    return client.send(
        f"settings/sign-in/providers/{provider}/metadata-reading", data, content_type="multipart/form-data"
    )


def take_over(client, provider, idp, **changes):
    data = {
        "entity_id": idp.entity_id,
        "sign_in_url": idp.sso_url,
        "certificates": [idp.keys.certificate],
        "confirmed": [thumbprint(idp.keys.certificate)],
        **changes,
    }
    return client.send(f"settings/sign-in/providers/{provider}/metadata", data)


def test_a_provider_is_added_by_its_kind_and_name(ana):
    assert "SAML 2.0" in ana.page("settings/sign-in/providers/new")
    answer = ana.send("settings/sign-in/providers", {"kind": "saml", "name": "Acme login"})
    assert answer.status_code == 303
    page = ana.get(answer.headers["Location"]).text
    assert "http://localhost/c/acme/saml/" in page
    assert "Read metadata" in page


def test_our_values_can_be_copied(ana, provider):
    page = ana.page(f"settings/sign-in/providers/{provider}")
    for leaf in ("metadata", "acs"):
        assert f">http://localhost/c/acme/saml/{provider}/{leaf}</code>" in page
    assert page.count("data-copy=") == 2


def test_metadata_is_shown_before_it_is_kept(ana, provider, idp, kept):
    answer = upload(ana, provider, metadata(idp))
    assert answer.status_code == 200
    assert thumbprint(idp.keys.certificate) in answer.text
    assert idp.sso_url in answer.text
    assert kept().settings == {}


def test_without_a_confirmed_thumbprint_nothing_is_kept(ana, provider, idp, kept):
    answer = take_over(ana, provider, idp, confirmed=[])
    assert answer.status_code == 422
    assert "Compare the thumbprint" in answer.text
    assert (
        take_over(ana, provider, idp, confirmed=[thumbprint(known_keys("next").certificate)]).status_code
        == 422
    )
    assert kept().settings == {}


def test_confirmed_metadata_makes_a_draft_that_can_be_tested(ana, provider, idp, kept):
    assert take_over(ana, provider, idp).status_code == 303
    assert kept().settings["entity_id"] == idp.entity_id
    assert kept().settings["certificates"] == [idp.keys.certificate]
    page = ana.page(f"settings/sign-in/providers/{provider}")
    assert "Test sign-in" in page
    assert (
        ana.get(f"/c/acme/settings/sign-in/providers/{provider}/test")
        .headers["Location"]
        .startswith(idp.sso_url)
    )


@pytest.mark.parametrize(
    "changes",
    [{"entity_id": ""}, {"sign_in_url": "http://idp.test/"}, {"sign_in_url": "javascript:x"}, {"certificates": []},
     {"certificates": ["nonsense"]}],
    ids=str,
)  # fmt: skip
def test_values_changed_on_their_way_back_are_checked_again(ana, provider, idp, kept, changes):
    assert take_over(ana, provider, idp, **changes).status_code == 422
    assert kept().settings == {}


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"<html/>", "not the metadata of one"), (b'<!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>', "not the metadata of one"),
     (metadata(MiniIdp(), entity="validUntil='2020-01-01T00:00:00Z'"), "limited time"),
     (metadata(MiniIdp(sso_url="http://idp.test/")), "https://"),
     (b"", "fill this in")],
    ids=["html", "entity", "ended", "http", "empty"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(ana, provider, kept, raw, said):
    answer = upload(ana, provider, raw)
    assert answer.status_code == 422
    assert said in answer.text
    assert kept().settings == {}


class FakeOutbound:
    """Stands where the guarded fetch stands, which has tests of its own."""

    def __init__(self, raw: bytes | None) -> None:
        self.raw = raw

    def fetch(self, url: str) -> bytes:
        if self.raw is None:
            raise OutboundRefused("no")
        return self.raw


def test_metadata_is_fetched_from_a_guarded_address(app, ana, provider, idp, monkeypatch):
    staffroom = app.extensions["staffroom"]
    for raw, status in ((metadata(idp), 200), (None, 422)):
        outside = replace(staffroom.outside, outbound=FakeOutbound(raw))
        monkeypatch.setitem(app.extensions, "staffroom", replace(staffroom, outside=outside))
        answer = ana.send(
            f"settings/sign-in/providers/{provider}/metadata-reading",
            {"url": "https://idp.acme.test/metadata"},
        )
        assert answer.status_code == status
    assert "Nothing was fetched" in answer.text


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "file:///etc/passwd", "https://[::1]/"],
)
def test_t166_addresses_inside_are_refused_by_the_page_too(ana, provider, url):
    answer = ana.send(f"settings/sign-in/providers/{provider}/metadata-reading", {"url": url})
    assert answer.status_code == 422
    assert "Nothing was fetched" in answer.text


def test_the_next_certificate_is_laid_beside_without_a_pause(ana, as_, cast, provider, idp, kept):
    take_over(ana, provider, idp)
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider).where(IdentityProvider.id == provider)).one()
        row.state, row.tested_at = ProviderState.ACTIVE, uow.clock.now()
    new = known_keys("next").certificate
    shown = ana.send(f"settings/sign-in/providers/{provider}/certificates", {"certificate": new})
    assert shown.status_code == 200 and thumbprint(new) in shown.text
    assert len(kept().settings["certificates"]) == 1
    wrong = {"certificate": new, "confirmed": thumbprint(idp.keys.certificate)}
    assert ana.send(f"settings/sign-in/providers/{provider}/certificates", wrong).status_code == 422
    right = {"certificate": new, "confirmed": thumbprint(new)}
    with as_(cast.ana) as uow:
        before = len(subjects(uow, cast.ana.email))
    assert ana.send(f"settings/sign-in/providers/{provider}/certificates", right).status_code == 303
    with as_(cast.ana) as uow:
        assert len(subjects(uow, cast.ana.email)) == before + 1, "P4: every admin hears of it"
    assert set(kept().settings["certificates"]) == {new, idp.keys.certificate}
    assert kept().state is ProviderState.ACTIVE
    third = key_pair("third").certificate
    full = {"certificate": third, "confirmed": thumbprint(third)}
    assert ana.send(f"settings/sign-in/providers/{provider}/certificates", full).status_code == 422
    old = {"thumbprint": thumbprint(idp.keys.certificate)}
    assert ana.send(f"settings/sign-in/providers/{provider}/certificate-removal", old).status_code == 303
    assert kept().settings["certificates"] == [new]
    assert (
        ana.send(
            f"settings/sign-in/providers/{provider}/certificate-removal", {"thumbprint": thumbprint(new)}
        ).status_code
        == 422
    )
    assert kept().state is ProviderState.ACTIVE


def test_other_metadata_takes_the_provider_back_to_a_draft(ana, as_, cast, provider, idp, kept):
    take_over(ana, provider, idp)
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider).where(IdentityProvider.id == provider)).one()
        row.state, row.tested_at = ProviderState.ACTIVE, uow.clock.now()
    take_over(ana, provider, MiniIdp(entity_id="https://other.test"))
    assert kept().state is ProviderState.DRAFT


def test_attributes_and_joining_are_kept_without_a_new_test(ana, as_, cast, provider, idp, kept):
    take_over(ana, provider, idp)
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider).where(IdentityProvider.id == provider)).one()
        row.state, row.tested_at = ProviderState.TESTED, uow.clock.now()
    place = f"settings/sign-in/providers/{provider}"
    wanted = {
        "name": "Acme login",
        "joining": "invited",
        "email_attribute": " post ",
        "groups_attribute": "teams",
    }
    wanted |= {"asks_second_factor": "y", "role_mapping": "Planners = planner"}
    assert ana.send(place, wanted).status_code == 303
    row = kept()
    assert row.settings["email_attribute"] == "post"
    assert row.settings["certificates"] == [idp.keys.certificate]
    assert row.asks_second_factor and row.role_mapping == {"Planners": "planner"}
    assert row.state is ProviderState.TESTED
    assert 'value="post"' in ana.page(place)
    by_domain = {**wanted, "joining": "verified-domains"}
    with as_(cast.ana) as uow:
        verify_domain(uow, "acme.example")
    assert ana.send(place, by_domain).status_code == 303
    assert kept().joining is Joining.VERIFIED_DOMAINS
    assert ana.send(place, {**wanted, "email_attribute": "x" * 201}).status_code == 422
    assert ana.send(place, {**wanted, "name": ""}).status_code == 422


def test_only_what_was_tested_is_switched_on(ana, as_, cast, provider, idp, kept):
    take_over(ana, provider, idp)
    assert ana.send(f"settings/sign-in/providers/{provider}/activation").status_code == 422
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider).where(IdentityProvider.id == provider)).one()
        row.state, row.tested_at = ProviderState.TESTED, uow.clock.now()
    assert ana.send(f"settings/sign-in/providers/{provider}/activation").status_code == 303
    assert kept().state is ProviderState.ACTIVE
    assert ana.send(f"settings/sign-in/providers/{provider}/deactivation").status_code == 303
    assert kept().state is ProviderState.OFF


def test_sensitive_steps_ask_who_is_there_after_a_while(ana, clock, provider, idp, kept):
    """P4: the last sign-in was more than five minutes ago."""
    clock.advance(timedelta(minutes=6))
    asked = take_over(ana, provider, idp)
    assert asked.location.endswith("/sign-in/password-again?after=/c/acme/sign-in/kept-form")
    assert kept().settings == {}
    proven = {"password": PASSWORD, "after": "/c/acme/sign-in/kept-form"}
    page = ana.page(ana.send("/c/acme/sign-in/password-again", proven).location)
    assert idp.keys.certificate.splitlines()[1] in page, "what was read from the metadata waits too"


def test_others_do_not_set_it_up(client, cast, provider):
    for person in (cast.mats, cast.eve):
        client.sign_in(person)
        assert client.get(f"/c/acme/settings/sign-in/providers/{provider}").status_code == 403
    client.sign_in(cast.zoe)
    assert client.get(f"/c/beta/settings/sign-in/providers/{provider}").status_code == 404
    assert client.send(f"settings/sign-in/providers/{provider}/activation").status_code == 404


def test_certificates_show_that_they_end(ana, as_, cast, provider, idp, clock):
    take_over(ana, provider, idp)
    clock.move_to(datetime(2039, 12, 10, tzinfo=UTC))
    ana.sign_in(cast.ana)
    assert "Ends within 30 days" in ana.page(f"settings/sign-in/providers/{provider}")
    clock.move_to(datetime(2040, 1, 2, tzinfo=UTC))
    ana.sign_in(cast.ana)
    assert "This certificate is over" in ana.page(f"settings/sign-in/providers/{provider}")


def test_admins_are_warned_by_mail_30_14_3_and_1_days_before(as_, cast, clock):
    with as_(cast.ana) as uow:
        make_provider(uow, ProviderKind.SAML, "Acme login", settings=settings_of(MiniIdp()))
    end = datetime(2040, 1, 1, tzinfo=UTC)
    counts = []
    for days in (31, 30, 29, 14, 13, 3, 2, 1, 0, -1):
        clock.move_to(end - timedelta(days=days))
        for _ in range(2):
            with as_(cast.ana) as uow:
                certificate_warnings.warn(uow)
        with as_(cast.ana) as uow:
            counts.append(len(subjects(uow, cast.ana.email)))
    assert counts == [0, 1, 1, 2, 2, 3, 3, 4, 5, 5]
    with as_(cast.ana) as uow:
        letter = latest(uow, cast.ana.email)
        assert "Acme login" in letter.text and "/settings/sign-in/providers/" in letter.text
        assert subjects(uow, cast.eve.email) == []


def test_a_second_certificate_ends_the_warnings(as_, cast, clock):
    later = key_pair("later", ends_at=datetime(2045, 1, 1, tzinfo=UTC)).certificate
    idp = MiniIdp()
    with as_(cast.ana) as uow:
        settings = {**settings_of(idp), "certificates": [idp.keys.certificate, later]}
        make_provider(uow, ProviderKind.SAML, "Acme login", settings=settings)
    clock.move_to(datetime(2039, 12, 31, tzinfo=UTC))
    with as_(cast.ana) as uow:
        certificate_warnings.warn(uow)
        assert subjects(uow, cast.ana.email) == []


def test_the_hourly_job_visits_every_company(app, as_, cast, clock):
    with as_(cast.ana) as uow:
        make_provider(uow, ProviderKind.SAML, "Acme login", settings=settings_of(MiniIdp()))
    clock.move_to(datetime(2039, 12, 31, tzinfo=UTC))
    with app.app_context():
        sso_upkeep.run()
    with as_(cast.ana) as uow:
        found = uow.session.scalars(
            select(AuditEvent.action).where(AuditEvent.action == "sso.certificate-warned")
        ).all()
        assert len(found) == 1


def test_a_test_shows_what_arrived_and_why_it_would_be_refused(client, cast, make_world, staffroom):
    world = make_world(state=ProviderState.DRAFT)
    client.sign_in(cast.ana)
    start = f"/c/acme/settings/sign-in/providers/{world.provider_id}/test"
    trip = world.leave(client, staffroom, start=start)
    trip.answer = trip.answer.but(recipient="https://other.test/acs")
    report = trip.finish()
    assert report.status_code == 303
    page = client.get(report.headers["Location"]).text
    for text in (
        "would be refused",
        "Confirmed for our answer address",
        "Copy the answer address from step 1",
    ):
        assert text in page
    assert "https://other.test/acs" in page and f"http://localhost{world.path}/acs" in page
    assert "eve@acme.test" in page
    good = world.leave(client, staffroom, start=start).finish()
    page = client.get(good.headers["Location"]).text
    assert "this account would be let in" in page
    assert "Signed with a confirmed certificate" in page


def test_a_test_belongs_to_the_admin_who_began_it(client, cast, make_world, staffroom):
    """The answer comes without a session; the second leg finds out who is there now."""
    world = make_world(state=ProviderState.DRAFT)
    client.sign_in(cast.ana)
    trip = world.leave(
        client, staffroom, start=f"/c/acme/settings/sign-in/providers/{world.provider_id}/test"
    )
    first = trip.post()
    client.sign_in(cast.mats)
    assert client.get(first.headers["Location"]).status_code >= 400


def test_somebody_signed_in_links_their_account(client, cast, make_world, staffroom):
    world = make_world()
    client.sign_in(cast.otto)
    begun = client.send(f"sign-in-methods/{world.provider_id}/links")
    assert begun.status_code == 303
    page = client.get(begun.headers["Location"])
    went = html.unescape(re.search(r'href="(https://idp\.acme\.test[^"]+)"', page.text).group(1))
    trip = world.trip(client, staffroom, went)
    trip.answer = trip.answer.but(subject="otto-at-the-idp")
    assert trip.finish().headers["Location"] == "/c/acme/sign-in-methods"
    client.sign_out()
    again = world.leave(client, staffroom)
    again.answer = again.answer.but(subject="otto-at-the-idp")
    assert again.finish().headers["Location"] == "/c/acme/"
    assert "Otto" in client.get("/c/acme/").text


def test_the_page_asks_the_database_little(ana, provider, idp, statements):
    take_over(ana, provider, idp)
    ana.page(f"settings/sign-in/providers/{provider}")
    statements.clear()
    ana.page(f"settings/sign-in/providers/{provider}")
    assert len(statements) <= 8, statements
