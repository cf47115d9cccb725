"""What the columns of plans of entitlement, of ends of years and of their letters are called in the audit log."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

PLAN_COLUMNS: dict[str, LazyString] = {
    "balance_cap": _l("Most in the balance"),
    "basis": _l("Earned by"),
    "by_schedule": _l("Less for part-time"),
    "carries_debt": _l("Debts are carried over"),
    "carry_cap": _l("Most that is carried over"),
    "carry_day": _l("Carried over through, day"),
    "carry_month": _l("Carried over through, month"),
    "carry_protected": _l("Carried over for the whole year"),
    "done": _l("Done"),
    "frequency": _l("Given"),
    "given_at": _l("Given on"),
    "grain": _l("Rounded to"),
    "limited_from": _l("Limited absences count from so many times worked"),
    "limited_most": _l("Limited absences count up to so many times the weekly hours"),
    "made_by_id": _l("Made by"),
    "milestones": _l("Amounts by seniority"),
    "people": _l("People"),
    "period_start": _l("For the time from"),
    "plan_id": _l("Plan of entitlement"),
    "posted_at": _l("Posted at"),
    "posted_by_id": _l("Posted by"),
    "read_at": _l("Read at"),
    "reminders": _l("Reminders"),
    "reversed_at": _l("Reversed at"),
    "reversed_by_id": _l("Reversed by"),
    "rounding": _l("Rounding"),
    "run_id": _l("Year end"),
    "sent_at": _l("Sent at"),
    "sent_by_id": _l("Sent by"),
    "year": _l("Year"),
    "year_day": _l("Year begins on, day"),
    "year_month": _l("Year begins on, month"),
    "yearly_amount": _l("Yearly entitlement"),
    "yearly_cap": _l("Most in a year"),
}
