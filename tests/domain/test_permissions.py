"""Permissions, built-in roles, and how grants combine."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.permissions import BUILT_IN_ROLES, Permission, Reach, combine, covers, may_grant

GRANTS = st.dictionaries(st.sampled_from(Permission), st.sampled_from(Reach))
HR = combine(BUILT_IN_ROLES["employee"], BUILT_IN_ROLES["hr"])
ADMIN = combine(BUILT_IN_ROLES["employee"], BUILT_IN_ROLES["admin"])
FOUNDER = combine(HR, ADMIN)


def test_permissions_are_sorted_and_read_resource_action():
    values = [permission.value for permission in Permission]
    assert values == sorted(values)
    assert all(value.count(":") == 1 for value in values)
    assert all(one.name == one.value.upper().replace(":", "_").replace("-", "_") for one in Permission)


def test_every_permission_belongs_to_a_built_in_role():
    assert set(combine(*BUILT_IN_ROLES.values())) == set(Permission)


def test_reaches_are_ordered_by_width_not_by_alphabet():
    assert sorted(Reach) == [Reach.OWN, Reach.TEAM, Reach.SITE, Reach.COMPANY]
    assert max(Reach) is Reach.COMPANY
    for one, other in product(Reach, Reach):
        assert (one < other, one <= other) == (other > one, other >= one)


def test_a_reach_cannot_be_compared_with_a_word_that_is_none():
    with pytest.raises(ValueError, match="planet"):
        assert Reach.OWN < "planet"


def test_built_in_roles_cannot_be_changed_at_run_time():
    with pytest.raises(TypeError):
        BUILT_IN_ROLES["employee"][Permission.AUDIT_VIEW] = Reach.COMPANY  # type: ignore[index]


def test_an_employee_reaches_nothing_of_colleagues_but_their_names_and_published_plans():
    beyond_own = {one for one, reach in BUILT_IN_ROLES["employee"].items() if reach > Reach.OWN}
    assert beyond_own == {Permission.CALENDAR_VIEW, Permission.DIRECTORY_VIEW, Permission.ROSTER_VIEW}


def test_a_manager_sees_reasons_in_the_own_team_only():
    """T87: another team's reason of absence stays hidden from a manager."""
    assert BUILT_IN_ROLES["manager"][Permission.ABSENCE_VIEW_REASON] == Reach.TEAM
    assert BUILT_IN_ROLES["manager"][Permission.ABSENCE_APPROVE] == Reach.TEAM


@pytest.mark.parametrize("role", ["admin", "planner"])
def test_who_runs_or_plans_learns_no_reason_of_absence(role):
    assert Permission.ABSENCE_VIEW_REASON not in BUILT_IN_ROLES[role]
    assert Permission.ABSENCE_VIEW not in BUILT_IN_ROLES[role]


def test_the_widest_reach_wins_whatever_the_order():
    narrow = {Permission.ROSTER_VIEW: Reach.TEAM}
    wide = {Permission.ROSTER_VIEW: Reach.SITE}
    assert combine(narrow, wide) == combine(wide, narrow) == wide


@given(GRANTS, GRANTS, GRANTS)
def test_combining_is_a_union_that_loses_nothing(one, two, three):
    together = combine(one, two, three)
    assert together == combine(three, one, two) == combine(combine(one, two), three)
    assert all(covers(together, part) for part in (one, two, three))
    assert set(together) == {*one, *two, *three}


@pytest.mark.parametrize(
    ("granter", "role", "allowed"),
    [
        (HR, "employee", True),
        (HR, "manager", True),
        (HR, "planner", True),
        (HR, "hr", True),
        (HR, "admin", False),
        (ADMIN, "admin", True),
        (ADMIN, "employee", True),
        (ADMIN, "hr", False),
        (ADMIN, "manager", False),
        (combine(BUILT_IN_ROLES["employee"], BUILT_IN_ROLES["manager"]), "employee", False),
        (BUILT_IN_ROLES["planner"], "planner", False),
        ({}, "employee", False),
    ],
)
def test_who_may_hand_out_which_role(granter, role, allowed):
    """T90: nobody grants a role above their own; an admin cannot reach reasons of absence by way of HR."""
    assert may_grant(granter, BUILT_IN_ROLES[role]) is allowed


def test_whoever_is_hr_and_admin_may_hand_out_every_role():
    assert all(may_grant(FOUNDER, role) for role in BUILT_IN_ROLES.values())


def test_the_right_to_grant_counts_only_with_the_reach_of_the_company():
    """T90: a narrower right to grant hands out nothing."""
    assert not may_grant(HR | {Permission.ROLE_GRANT: Reach.SITE}, {})


@given(GRANTS, GRANTS)
def test_a_grant_never_adds_to_what_its_granter_holds(granter, role):
    """T90: whatever may be granted leaves the granter's own reach as the limit."""
    if may_grant(granter, role):
        assert combine(granter, role) == granter
