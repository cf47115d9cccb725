"""What a role of a company's own may hold, and that nothing of it ever grants above one's own (T90)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.permissions import (
    BUILT_IN_ROLES,
    Permission,
    Reach,
    combine,
    covers,
    may_grant,
    may_manage,
)
from portal.domain.refusals import Reason, Refusal
from portal.domain.role_contents import NEEDS, REACHES, check_contents, check_name, offered

GRANTS = st.dictionaries(st.sampled_from(Permission), st.sampled_from(Reach))
ROLES = st.lists(GRANTS, max_size=5)
ADMIN = combine(*BUILT_IN_ROLES.values())


def test_every_permission_says_how_far_it_can_reach():
    assert set(REACHES) == set(Permission)
    assert all(list(reaches) == sorted(reaches) and reaches for reaches in REACHES.values())


@pytest.mark.parametrize("key", BUILT_IN_ROLES)
def test_built_in_roles_can_be_copied_as_they_are(key):
    check_contents(BUILT_IN_ROLES[key])


@pytest.mark.parametrize("permission", NEEDS)
def test_a_permission_without_the_one_it_needs_is_refused(permission):
    widest = REACHES[permission][-1]
    with pytest.raises(Refusal) as caught:
        check_contents({permission: widest})
    assert caught.value.reason is Reason.PERMISSION_NEEDS_ANOTHER
    needed = NEEDS[permission]
    contents = {permission: widest, needed: REACHES[needed][-1]}
    if needed in NEEDS:
        contents[NEEDS[needed]] = REACHES[NEEDS[needed]][-1]
    check_contents(contents)


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ({}, Reason.ROLE_EMPTY),
        ({Permission.AUDIT_VIEW: Reach.TEAM}, Reason.REACH_NOT_POSSIBLE),
        ({Permission.ABSENCE_REQUEST: Reach.COMPANY}, Reason.REACH_NOT_POSSIBLE),
        ({Permission.ROSTER_EDIT: Reach.SITE, Permission.ROSTER_VIEW: Reach.TEAM}, Reason.PERMISSION_NEEDS_ANOTHER),
    ],
)  # fmt: skip
def test_contents_that_promise_what_nobody_keeps_are_refused(contents, reason):
    """A reach that no page compares rows with would be a right for the whole company."""
    with pytest.raises(Refusal) as caught:
        check_contents(contents)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("name", "reason"), [("", Reason.MISSING), ("x" * 60, None), ("x" * 61, Reason.TOO_LONG)]
)
def test_names_are_there_and_short(name, reason):
    if reason is None:
        check_name(name)
        return
    with pytest.raises(Refusal) as caught:
        check_name(name)
    assert caught.value.reason is reason


@given(ROLES, ROLES)
def test_whatever_one_may_make_or_grant_adds_nothing_to_ones_own(held, roles):
    """T90: with any set of roles held and any set of roles made, granted and combined."""
    own = combine(*held)
    for role in roles:
        if may_manage(own, role) or may_grant(own, role):
            assert combine(own, role) == own
    allowed = [role for role in roles if may_manage(own, role) or may_grant(own, role)]
    assert covers(own, combine(*allowed))


@given(GRANTS, GRANTS, GRANTS)
def test_a_role_that_exceeds_its_changer_before_or_after_is_out_of_bounds(own, before, after):
    """T90: narrowing what one does not hold is refused like widening."""
    if may_manage(own, before, after):
        assert covers(own, before)
        assert covers(own, after)


@given(GRANTS)
def test_only_the_right_to_manage_roles_for_the_whole_company_counts(own):
    for reach in (Reach.OWN, Reach.TEAM, Reach.SITE):
        assert not may_manage({**own, Permission.ROLE_MANAGE: reach}, {})
    assert may_manage({**own, Permission.ROLE_MANAGE: Reach.COMPANY}, own)


@given(GRANTS, st.sampled_from(Permission))
def test_a_form_offers_nothing_above_ones_own(own, permission):
    """T90."""
    for reach in offered(permission, own):
        assert covers(own, {permission: reach})
        assert reach in REACHES[permission]


def test_who_holds_everything_is_offered_everything():
    assert {one: offered(one, ADMIN) for one in Permission} == {
        one: tuple(reach for reach in REACHES[one] if reach <= ADMIN[one]) for one in Permission
    }
