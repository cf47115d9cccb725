"""Rosters and the shifts in them: records of working time."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import PublishedShift, Roster, Shift, ShiftTemplate
from portal.services.data_map.cards import card

CARDS = [
    *(
        card(
            model,
            purpose=Purpose.ROSTERS,
            basis=Basis.LEGAL_DUTY,
            retention=Retention.CLAIMS,
            rows=Rows.PSEUDONYMOUS,
            person="employee_id",
            plain="shift_template_id date during paid_minutes",
            technical=technical,
        )
        for model, technical in ((Shift, "roster_id"), (PublishedShift, "roster_id shared_version"))
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
