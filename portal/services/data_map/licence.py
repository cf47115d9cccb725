"""The licence of a company and its end."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import BillingEvent, Closing, CompanyArchive, Erasure, LicenceFile, LicenceNotice
from portal.services.data_map.cards import card

CARDS = [
    card(
        LicenceNotice,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="kind days on_date sent_at",
    ),
    card(
        LicenceFile,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="installed_by_id",
        technical="number content plan persons valid_from valid_until issued_at installed_at replaced_at verdict"
        " failing_since seen_at",
    ),
    card(
        BillingEvent,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="event kind received_at",
    ),
    card(
        Closing,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="asked_by_id confirmed_by_id",
        technical="asked_at confirmed_at ended_at",
    ),
    card(
        CompanyArchive,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="asked_by_id",
        secret="passphrase_sealed",  # noqa: S106
        technical="status tables_done tables_total parts size_bytes ready_at fetched_at",
    ),
    card(
        Erasure,
        purpose=Purpose.ACCOUNTABILITY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="erased_company begun_at rows jobs files files_sha256 audit_events audit_head version finished_at"
        " signature",
    ),
]
