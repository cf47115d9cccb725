"""Who may come in with what a provider says: every way, and every reason to stay outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.sso import (
    Asserted,
    CheckName,
    Encounter,
    Joining,
    Way,
    failed,
    judge,
    judge_link,
    mapped_roles,
)

NEW = Asserted("s-1", "nora@acme.example", address_trusted=True, first_name="Nora", last_name="Nová")
OPEN = Encounter(Joining.VERIFIED_DOMAINS, domains=frozenset({"acme.example"}))
SHUT = Encounter(Joining.INVITED, domains=frozenset({"acme.example"}))


def why(asserted, met):
    verdict = judge(asserted, met)
    wrong = failed(verdict.checks)
    return verdict.way or (wrong.name if wrong else None)


@pytest.mark.parametrize(
    ("asserted", "met", "expected"),
    [
        (NEW, replace(SHUT, known=True), Way.KNOWN),
        (NEW, replace(SHUT, known=True, active=False), CheckName.PERSON_ACTIVE),
        (NEW, SHUT, CheckName.PERSON_KNOWN),
        (NEW, replace(SHUT, address_taken=True), CheckName.PERSON_KNOWN),
        (NEW, replace(SHUT, invited="nora@acme.example"), Way.INVITATION),
        (replace(NEW, email=""), replace(SHUT, invited="nora@acme.example"), Way.INVITATION),
        (NEW, replace(SHUT, invited="eve@acme.example"), CheckName.ADDRESS_INVITED),
        (NEW, replace(SHUT, invited="nora@acme.example", active=False), CheckName.PERSON_ACTIVE),
        (NEW, OPEN, Way.CREATION),
        (NEW, replace(OPEN, address_taken=True), CheckName.ADDRESS_FREE),
        (NEW, replace(OPEN, domains=frozenset()), CheckName.DOMAIN_VERIFIED),
        (replace(NEW, email="nora@evil.example"), OPEN, CheckName.DOMAIN_VERIFIED),
        (replace(NEW, email="nora@sub.acme.example"), OPEN, CheckName.DOMAIN_VERIFIED),
        (replace(NEW, address_trusted=False), OPEN, CheckName.ADDRESS_VERIFIED),
        (replace(NEW, guest=True), OPEN, CheckName.NOT_GUEST),
        (replace(NEW, email=""), OPEN, CheckName.ADDRESS_GIVEN),
        (replace(NEW, last_name=""), OPEN, CheckName.NAME_GIVEN),
        (replace(NEW, subject=""), replace(OPEN, known=True), CheckName.SUBJECT),
        (replace(NEW, subject=" s-1"), OPEN, CheckName.SUBJECT),
        (replace(NEW, subject="s" * 256), OPEN, CheckName.SUBJECT),
    ],
)
def test_each_encounter_has_one_outcome(asserted, met, expected):
    assert why(asserted, met) is expected


@pytest.mark.parametrize(
    ("known", "has_one", "active", "expected"),
    [
        (False, False, True, None),
        (True, False, True, CheckName.ACCOUNT_FREE),
        (False, True, True, CheckName.PERSON_UNLINKED),
        (False, False, False, CheckName.PERSON_ACTIVE),
    ],
)
def test_linking_takes_a_free_account_of_an_active_person(known, has_one, active, expected):
    wrong = failed(judge_link(NEW, known=known, has_one=has_one, active=active))
    assert (wrong.name if wrong else None) is expected


def test_only_mapped_groups_give_roles():
    """T45: what a provider says of rights by itself is nothing."""
    assert mapped_roles(frozenset({"owner", "admin", "g-1"}), {"g-1": "planner", "g-2": "hr"}) == ["planner"]
