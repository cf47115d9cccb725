"""Rosters and the shifts in them: records of working time."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import PublishedShift, ReleasedShift, Roster, Shift, ShiftTemplate
from portal.services.data_map.cards import card

CARDS = [
    card(
        PublishedShift,
        purpose=Purpose.ROSTERS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="shift_template_id date during paid_minutes",
        technical="roster_id shared_version",
    ),
    # The planner's copy: a draft is nobody's shift before it is published, and then it is the one above.
    card(
        Shift,
        purpose=Purpose.ROSTERS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        technical="roster_id shift_template_id date during paid_minutes",
    ),
    card(
        ReleasedShift,
        purpose=Purpose.ROSTERS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="absence_id shift_template_id date during paid_minutes settled_at returned",
        technical="shift_id roster_id beside",
    ),
    card(
        Roster,
        purpose=Purpose.ROSTERS,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="published_by_id",
        technical="team_id start_date end_date version published_at",
    ),
    card(
        ShiftTemplate,
        purpose=Purpose.ROSTERS,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="name code colour starts_minute ends_minute break_minutes",
    ),
]
