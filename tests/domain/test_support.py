"""What a grant of support opens, and what none ever does."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.permissions import BUILT_IN_ROLES, Permission, Reach, combine
from portal.domain.support import (
    CHANGE,
    LOOK,
    PATIENCE,
    Area,
    GrantState,
    SealedField,
    grants_of,
    may_change_with,
    offered,
    offered_sealed,
    state_of,
)

NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: Rights that no area may ever hold: signing in, roles, the log, support itself, taking people in or decisions.
NEVER = {
    Permission.ABSENCE_APPROVE,
    Permission.ABSENCE_REQUEST,
    Permission.AUDIT_VIEW,
    Permission.DOCUMENT_CONFIRM,
    Permission.EMPLOYEE_IMPORT,
    Permission.EMPLOYEE_INVITE,
    Permission.ROLE_GRANT,
    Permission.ROLE_MANAGE,
    Permission.ROSTER_PRINT,
    Permission.ROSTER_PUBLISH,
    Permission.SESSION_END_OTHERS,
    Permission.SIGN_IN_MANAGE,
    Permission.SUPPORT_ASK,
    Permission.SUPPORT_GRANT,
}


def test_no_grant_however_wide_carries_what_never_opens():
    """T114, T119, T120."""
    widest = grants_of(Area, SealedField, writes=True)
    assert not NEVER & set(widest)
    assert not NEVER & {one for area in Area for one in LOOK[area] | CHANGE[area]}


@pytest.mark.parametrize("area", Area)
def test_a_grant_opens_its_area_alone(area):
    """T115."""
    opened = grants_of([area], [], writes=False)
    assert set(opened) == set(LOOK[area])
    assert set(opened.values()) == {Reach.COMPANY}


def test_reasons_of_absences_open_by_name_and_inside_their_area():
    reason = Permission.ABSENCE_VIEW_REASON
    assert reason not in grants_of([Area.ABSENCES], [], writes=True)
    assert reason not in grants_of([Area.PEOPLE], [SealedField.ABSENCE_REASON], writes=True)
    assert reason in grants_of([Area.ABSENCES], [SealedField.ABSENCE_REASON], writes=False)


def test_the_right_to_see_a_form_is_not_the_right_to_send_it():
    """T117: pages of documents ask for the right to hand out; handing out stays closed."""
    assert not may_change_with(Permission.DOCUMENT_DISTRIBUTE, Area, writes=True)
    assert may_change_with(Permission.COMPANY_EDIT, [Area.SETTINGS], writes=True)
    assert not may_change_with(Permission.COMPANY_EDIT, [Area.SETTINGS], writes=False)
    assert not may_change_with(Permission.COMPANY_EDIT, [Area.PEOPLE], writes=True)


def test_people_are_offered_what_they_see_themselves():
    hr, admin = BUILT_IN_ROLES["hr"], BUILT_IN_ROLES["admin"]
    assert offered(hr) == (Area.PEOPLE, Area.ABSENCES, Area.ROSTERS, Area.DOCUMENTS)
    assert offered(admin) == (Area.SETTINGS,)
    assert offered(combine(hr, admin)) == tuple(Area)
    assert offered_sealed(admin) == ()
    assert offered_sealed(hr) == tuple(SealedField)
    assert offered(BUILT_IN_ROLES["manager"]) == ()


@pytest.mark.parametrize(
    ("granted_at", "until", "ended_at", "now", "state"),
    [
        (None, None, None, NOW + PATIENCE - HOUR, GrantState.WAITING),
        (None, None, None, NOW + PATIENCE, GrantState.LAPSED),
        (None, None, NOW + HOUR, NOW + 2 * HOUR, GrantState.REFUSED),
        (NOW, NOW + HOUR, None, NOW, GrantState.LIVE),
        (NOW, NOW + HOUR, None, NOW + HOUR, GrantState.EXPIRED),
        (NOW, NOW + HOUR, NOW + HOUR / 2, NOW + HOUR / 2, GrantState.ENDED),
    ],
)
def test_where_a_grant_stands(granted_at, until, ended_at, now, state):
    """T116: a grant is over when its time is, to the moment, whether or not anything noticed."""
    found = state_of(now, asked_at=NOW, granted_at=granted_at, until=until, ended_at=ended_at)
    assert found is state
