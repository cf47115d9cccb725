"""Documents of the company, who was handed them and who confirmed them."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import Confirmation, Distribution, DistributionRecipient, Document, DocumentVersion
from portal.services.data_map.cards import card

CARDS = [
    card(
        DistributionRecipient,
        purpose=Purpose.DOCUMENTS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="distribution_id opened_at",
    ),
    card(
        Confirmation,
        purpose=Purpose.DOCUMENTS,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="statement language sha256 confirmed_at ip",
        technical="distribution_recipient_id",
        # The address is part of the proof, as long as anything has to be proven.
        erased={"ip": Erase.BLANK},
        until={"ip": Retention.CLAIMS},
    ),
    card(
        Document,
        purpose=Purpose.DOCUMENTS,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="owner_id",
        technical="title description",
    ),
    card(
        DocumentVersion,
        purpose=Purpose.DOCUMENTS,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="uploaded_by_id",
        technical="document_id number file_name content_type size_bytes sha256 storage_key scan_state",
    ),
    card(
        Distribution,
        purpose=Purpose.DOCUMENTS,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="distributed_by_id",
        technical="document_version_id team_id due_date distributed_at reminded_at",
    ),
]
