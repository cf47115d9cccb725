"""What the rights of people themselves leave behind: copies, requests to be forgotten, holds."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import DataExport, ErasureRequest, ErasureStep, LegalHold
from portal.services.data_map.cards import card

CARDS = [
    card(
        DataExport,
        purpose=Purpose.RIGHTS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.EXPORTS,
        rows=Rows.DELETED,
        person="employee_id",
        plain="status ready_at expires_at fetched_at size_bytes sha256",
        technical="tables_done tables_total storage_key",
    ),
    card(
        ErasureRequest,
        purpose=Purpose.RIGHTS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.COMPANY,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="planned_by_id approved_by_id",
        plain="status origin received_on due_on extended_on extension_reason planned_at approved_at"
        " decision_reason finished_at",
        technical="version",
        erased={"extension_reason": Erase.NULL, "decision_reason": Erase.NULL},
    ),
    card(
        ErasureStep,
        purpose=Purpose.RIGHTS,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="request_id table_name waits_for due_on done_at row_count",
    ),
    card(
        LegalHold,
        purpose=Purpose.RIGHTS,
        basis=Basis.INTEREST,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="placed_by_id lifted_by_id",
        # While it lasts the person may have a right to know of it, and the company one to keep it to itself: HR says.
        technical="reason until_date lifted_at",
        erased={"reason": Erase.BLANK},
    ),
]
