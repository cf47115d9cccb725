"""Invitations and forgotten passwords: links by mail that work once and for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from portal.domain.refusals import Refusal
from portal.models import Employee, Identity
from portal.services import invitations, password_resets
from tests.factories.people import PASSWORD, identity_of
from tests.factories.sign_in import ask_for_codes, bind_phone
from tests.fixtures.letters import latest, link_in, run_reset_jobs, subjects

NEW = "seven grey herons over Ostrava"


@pytest.fixture
def invited(as_, cast):
    """The path of Otto's invitation; he has no password yet."""
    with as_(cast.ana) as uow:
        uow.session.execute(delete(Identity).where(Identity.employee_id == cast.otto.employee_id))
        invitations.invite_employee(uow, cast.otto.employee_id)
    with as_(cast.ana) as uow:
        return link_in(latest(uow, cast.otto.email))


@pytest.fixture
def asked(client, as_, cast):
    """Asks for Eve's new password and gives the path of the link that she is mailed."""

    def ask(email: str | None = None) -> str:
        answer = client.send("/c/acme/forgotten-password", {"email": email or cast.eve.email})
        assert answer.status_code == 303
        with as_(cast.ana) as uow:
            run_reset_jobs(uow)
        with as_(cast.ana) as uow:
            return link_in(latest(uow, email or cast.eve.email))

    return ask


def choose(client, path: str, password: str = NEW, repeated: str | None = None):
    return client.send(path, {"password": password, "repeated": repeated or password})


def test_an_invited_person_chooses_a_password_and_is_in(client, cast, invited, enter, audited):
    page = client.page(invited)
    assert cast.otto.email in page
    assert "At least 15 characters" in page
    answer = choose(client, invited)
    assert answer.headers["Location"] == "/c/acme/"
    assert client.get("/c/acme/").status_code == 200
    client.sign_out()
    assert enter(cast.otto.email, NEW).status_code == 303
    assert "invitation.accepted" in [action for action, _ in audited()]


def test_a_link_works_once(client, invited):
    """ASVS 6.4.1: used is used, for GET and POST."""
    choose(client, invited)
    client.sign_out()
    assert client.get(invited).status_code == 410
    assert choose(client, invited, "another good long password").status_code == 410


def test_looking_at_a_link_does_not_use_it_up(client, invited):
    """Mail scanners open every link before the person does."""
    for _ in range(5):
        assert client.get(invited).status_code == 200
        assert client.head(invited).status_code == 200
    assert choose(client, invited).status_code == 303


def test_an_invitation_works_for_a_week(client, invited, clock):
    clock.advance(timedelta(days=7, seconds=-1))
    assert client.get(invited).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert client.get(invited).status_code == 410
    assert choose(client, invited).status_code == 410


def test_a_newer_invitation_kills_the_older(client, cast, as_, invited):
    with as_(cast.ana) as uow:
        invitations.invite_employee(uow, cast.otto.employee_id)
    assert client.get(invited).status_code == 410


def test_the_token_is_256_bits_and_kept_as_a_hash(as_, cast, invited):
    """ASVS 11.5.1, 14.2.1: the table, the job and the audit log hold nothing that opens."""
    token = invited.rsplit("/", 1)[1]
    assert len(token) == 43
    with as_(cast.ana) as uow:
        for query in (
            "SELECT string_agg(l::text, '') FROM sign_in_link l",
            "SELECT string_agg(args::text, '') FROM procrastinate_jobs",
            "SELECT string_agg(payload, '') FROM audit.event",
            "SELECT string_agg(o::text, '') FROM outbox_message o",
        ):
            assert token not in (uow.session.scalar(text(query)) or "")


def test_a_link_of_one_company_or_purpose_is_none_of_another(client, invited):
    """T99: the same token under another company, or as a reset, leads nowhere."""
    token = invited.rsplit("/", 1)[1]
    assert client.get(f"/c/beta/invitations/{token}").status_code == 410
    assert client.get(f"/c/acme/password-resets/{token}").status_code == 410
    assert client.get("/c/acme/invitations/" + "A" * 43).status_code == 410
    assert client.get("/c/acme/invitations/short").status_code == 404


def test_a_link_of_somebody_who_left_leads_nowhere(client, cast, as_, invited):
    with as_(cast.ana) as uow:
        uow.session.execute(update(Employee).where(Employee.id == cast.otto.employee_id).values(active=False))
    assert client.get(invited).status_code == 410


def test_only_who_may_invites(as_, cast):
    with as_(cast.eve) as uow, pytest.raises(Refusal):
        invitations.invite_employee(uow, cast.otto.employee_id)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 15 characters"),
        ("x" * 129, "at most 128"),
        ("password1234567", "attackers try first"),
        ("acme acmeonly otto", "made of your name"),
        ("aaaaaaaaaaaaaaaa", "attackers try first"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(client, invited, password, said):
    """ASVS 6.2.1 to 6.2.12."""
    answer = choose(client, invited, password)
    assert answer.status_code == 422
    assert said in answer.text
    assert choose(client, invited).status_code == 303


def test_both_must_be_the_same(client, invited):
    assert choose(client, invited, NEW, "something else entirely").status_code == 422


def test_asking_answers_the_same_for_everybody(client, cast, as_):
    """ASVS 6.3.8: same status, same place, same number of statements; no mail to a stranger."""
    answers = [
        client.send("/c/acme/forgotten-password", {"email": email})
        for email in (cast.eve.email, "x@y.example")
    ]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    client.page(answers[0].headers["Location"])
    with as_(cast.ana) as uow:
        assert run_reset_jobs(uow) == 2
    with as_(cast.ana) as uow:
        assert len(subjects(uow, cast.eve.email)) == 1
        assert subjects(uow, "x@y.example") == []


def test_asking_takes_the_same_statements_for_everybody(client, cast, statements):
    counts = []
    for email in (cast.eve.email, "stranger@acme.example"):
        client.form_token()
        statements.clear()
        client.send("/c/acme/forgotten-password", {"email": email})
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_new_password_ends_all_sessions_and_tells_the_owner(client, cast, as_, asked, enter):
    """ASVS 6.3.7, 7.4.3."""
    other = client.application.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.eve)
    path = asked()
    assert choose(client, path).headers["Location"] == "/c/acme/"
    assert client.get("/c/acme/sessions").status_code == 200
    assert other.get("/c/acme/sessions").status_code == 303
    client.sign_out()
    assert enter(cast.eve.email, PASSWORD).status_code == 422
    assert enter(cast.eve.email, NEW).status_code == 303
    with as_(cast.ana) as uow:
        assert "was changed" in subjects(uow, cast.eve.email)[-1]


def test_a_reset_link_works_for_an_hour(client, asked, clock):
    path = asked()
    clock.advance(timedelta(minutes=59))
    assert client.get(path).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert client.get(path).status_code == 410


def test_a_newer_link_kills_the_older(client, asked):
    first, second = asked(), asked()
    assert client.get(first).status_code == 410
    assert choose(client, first).status_code == 410
    assert choose(client, second).status_code == 303


def test_setting_a_password_kills_every_other_link(client, cast, as_, asked):
    with as_(cast.ana) as uow:
        invitations.invite_employee(uow, cast.eve.employee_id)
    with as_(cast.ana) as uow:
        invitation = link_in(latest(uow, cast.eve.email))
    choose(client, asked())
    client.sign_out()
    assert client.get(invitation).status_code == 410


def test_after_a_reset_the_second_factor_still_applies(client, cast, as_, asked):
    """ASVS 6.4.3: a mailbox alone does not open what asks for a code."""
    with as_(cast.ana) as uow:
        ask_for_codes(uow)
        bind_phone(uow, cast.eve.employee_id)
    assert choose(client, asked()).headers["Location"] == "/c/acme/sign-in/code"
    assert client.get("/c/acme/").headers["Location"] == "/c/acme/sign-in/code"


def test_a_reset_gets_one_past_somebody_who_guesses(client, cast, asked, enter):
    """ASVS 6.1.1: throttled because of a stranger, the person gets in by the mailbox."""
    for _ in range(6):
        enter(cast.eve.email, "wrong")
    assert enter(cast.eve.email).status_code == 429
    assert choose(client, asked()).status_code == 303
    client.sign_out()
    assert enter(cast.eve.email, NEW).status_code == 303


def test_nobody_is_flooded_with_mail(client, cast, as_):
    for _ in range(password_resets.MOST_PER_PERSON + 3):
        client.send("/c/acme/forgotten-password", {"email": cast.eve.email})
    with as_(cast.ana) as uow:
        run_reset_jobs(uow)
    with as_(cast.ana) as uow:
        assert len(subjects(uow, cast.eve.email)) == password_resets.MOST_PER_PERSON


def test_one_address_cannot_ask_without_end(client):
    answers = [
        client.send("/c/acme/forgotten-password", {"email": f"p{number}@acme.example"}).status_code
        for number in range(password_resets.MOST_PER_ADDRESS + 1)
    ]
    assert answers[-2:] == [303, 429]


def test_nobody_who_left_is_mailed(client, cast, as_):
    with as_(cast.ana) as uow:
        uow.session.execute(update(Employee).where(Employee.id == cast.eve.employee_id).values(active=False))
    client.send("/c/acme/forgotten-password", {"email": cast.eve.email})
    with as_(cast.ana) as uow:
        run_reset_jobs(uow)
        assert subjects(uow, cast.eve.email) == []


def test_the_page_of_a_link_tells_nobody_where_it_was(client, invited):
    """ASVS 14.2.1: no referrer, no store, no link to another site."""
    answer = client.get(invited)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "https://" not in answer.text


def test_a_link_needs_the_form_token(client, invited):
    """T121."""
    answer = client.post(invited, data={"password": NEW, "repeated": NEW})
    assert answer.status_code == 403
    assert client.get(invited).status_code == 200


def test_the_hash_never_leaves(as_, cast, asked, client, audited):
    """ASVS 14.2.4: the audit log says that a password changed, not what to."""
    choose(client, asked())
    with as_(cast.ana) as uow:
        stored = identity_of(uow, cast.eve.employee_id).password_hash
    assert str(stored) not in str(audited())
    assert NEW not in str(audited())
