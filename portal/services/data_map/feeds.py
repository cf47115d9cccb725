"""Calendar feeds, and what calendars are told of shifts that were taken away."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import Feed, WithdrawnShift
from portal.services.data_map.cards import card

CARDS = [
    card(
        Feed,
        purpose=Purpose.SIGN_IN,
        basis=Basis.CONTRACT,
        retention=Retention.EMPLOYMENT,
        rows=Rows.DELETED,
        person="employee_id",
        plain="name scope team_id absences shifts holidays busy_only last_used_at last_used_ip revoked_at",
        secret="token_hash content_hash",  # noqa: S106
        technical="window_started_at window_fetches changed_at",
    ),
    card(
        WithdrawnShift,
        purpose=Purpose.ROSTERS,
        basis=Basis.CONTRACT,
        retention=Retention.EMPLOYMENT,
        rows=Rows.DELETED,
        person="employee_id",
        plain="shift_template_id date during withdrawn_at",
        technical="shift_id roster_id shared_version",
    ),
]
