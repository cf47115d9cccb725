"""Absences and the ledger of time off. After erasure they count under a pseudonym."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import (
    Absence,
    AbsencePart,
    AbsenceType,
    AbsenceTypeVersion,
    ApprovalRule,
    ApprovalStep,
    Delegation,
    LedgerEntry,
    StepApprover,
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
        people="requested_by_id decided_by_id decided_for_id",
        plain="absence_type_id status start_date end_date charge note requested_at decided_at decision_note",
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
        " rule reason",
        erased={"reason": Erase.BLANK},
    ),
    card(
        AbsenceType,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="key name code colour yearly_entitlement overdraft needs_approval half_days colleagues_see"
        " notice_days longest_days retired_on",
    ),
    card(
        AbsenceTypeVersion,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="author_id",
        technical="absence_type_id valid_from yearly_entitlement needs_approval half_days colleagues_see notice_days"
        " longest_days",
    ),
    card(
        Delegation,
        purpose=Purpose.TIME_OFF,
        basis=Basis.INTEREST,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="deputy_id author_id",
        plain="absence_type_id start_date end_date reason ended_at",
        erased={"reason": Erase.NULL},
    ),
    card(
        ApprovalRule,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="author_id",
        technical="absence_type_id valid_from steps",
    ),
    card(
        ApprovalStep,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="absence_id position approver mode status opened_at",
    ),
    card(
        StepApprover,
        purpose=Purpose.TIME_OFF,
        basis=Basis.INTEREST,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="decided_by_id",
        plain="step_id decided_at",
    ),
]
