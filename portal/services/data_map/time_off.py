"""Absences and the ledger of time off. After erasure they count under a pseudonym."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import (
    Absence,
    AbsencePart,
    AbsenceType,
    AbsenceTypeVersion,
    AgreedEntitlement,
    EntitlementPlan,
    LapseNotice,
    LedgerEntry,
    YearEndLine,
    YearEndRun,
)
from portal.services.data_map.cards import card

CARDS = [
    card(
        Absence,
        purpose=Purpose.TIME_OFF,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="requested_by_id decided_by_id",
        plain="absence_type_id status start_date end_date single_days charge note requested_at decided_at"
        " decision_note",
        technical="version",
        erased={"note": Erase.NULL, "decision_note": Erase.NULL},
    ),
    card(
        AbsencePart,
        purpose=Purpose.TIME_OFF,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="absence_id date part starts_minute ends_minute charge live",
        technical="during",
    ),
    card(
        LedgerEntry,
        purpose=Purpose.TIME_OFF,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="author_id",
        plain="absence_type_id kind amount effective_date origin_year usable_from usable_through absence_id"
        " rule reason plan_id period_start run_id",
        erased={"reason": Erase.BLANK},
    ),
    card(
        AbsenceType,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="key name code colour yearly_entitlement counting overdraft needs_approval unit colleagues_see"
        " notice_days longest_days proof_from_days counts_as_worked retired_on",
    ),
    card(
        AbsenceTypeVersion,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="author_id",
        technical="absence_type_id valid_from yearly_entitlement needs_approval unit colleagues_see notice_days"
        " longest_days overdraft proof_from_days counts_as_worked",
    ),
    card(
        EntitlementPlan,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="author_id",
        technical="absence_type_id valid_from milestones frequency given_at year_month year_day basis by_schedule"
        " rounding grain yearly_cap balance_cap carry_cap carry_month carry_day carry_protected carries_debt",
    ),
    card(
        AgreedEntitlement,
        purpose=Purpose.TIME_OFF,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="author_id",
        plain="absence_type_id valid_from yearly_amount reason",
        erased={"reason": Erase.BLANK},
    ),
    card(
        YearEndRun,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="made_by_id posted_by_id reversed_by_id",
        technical="absence_type_id year status people done posted_at reversed_at",
    ),
    card(
        YearEndLine,
        purpose=Purpose.TIME_OFF,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="run_id rest held_back carried protected lapsed owed written_off outcome",
    ),
    card(
        LapseNotice,
        purpose=Purpose.TIME_OFF,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="sent_by_id",
        plain="absence_type_id origin_year usable_through amount sent_at reminders reminded_at read_at",
    ),
]
