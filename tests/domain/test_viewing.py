"""Looking at the portal as a role: what is shown is never more than the viewer sees."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.permissions import BUILT_IN_ROLES, Permission, Reach, combine, covers
from portal.domain.viewing import left_out, seen_as

GRANTS = st.dictionaries(st.sampled_from(Permission), st.sampled_from(Reach))


@given(GRANTS, GRANTS, st.booleans())
def test_a_look_is_within_the_role_and_within_ones_own(role, own, elsewhere):
    """T90."""
    shown = seen_as(role, own, elsewhere=elsewhere)
    assert covers(own, shown)
    assert covers(role, shown)


@given(GRANTS, GRANTS)
def test_from_elsewhere_team_and_site_open_only_to_who_sees_the_whole_company(role, own):
    """Another person's team is no part of one's own, however equal the words."""
    for permission, reach in seen_as(role, own, elsewhere=True).items():
        assert reach is Reach.OWN or own[permission] is Reach.COMPANY


@given(GRANTS, GRANTS, st.booleans())
def test_what_is_not_shown_is_said(role, own, elsewhere):
    shown, missing = seen_as(role, own, elsewhere=elsewhere), left_out(role, own, elsewhere=elsewhere)
    for permission, reach in role.items():
        assert (shown.get(permission) == reach) is (permission not in missing)


def test_an_admin_who_is_not_in_hr_sees_nothing_of_reasons_by_looking_as_hr():
    admin = combine(BUILT_IN_ROLES["employee"], BUILT_IN_ROLES["admin"])
    hr = combine(BUILT_IN_ROLES["employee"], BUILT_IN_ROLES["hr"])
    shown = seen_as(hr, admin, elsewhere=False)
    assert shown[Permission.ABSENCE_VIEW_REASON] is Reach.OWN
    assert Permission.EMPLOYEE_EDIT not in shown
    assert Permission.EMPLOYEE_EDIT in left_out(hr, admin, elsewhere=False)
