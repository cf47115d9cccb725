"""The licence of a company and its end."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import Closing, Erasure, LicenceNotice
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
        Closing,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="asked_by_id confirmed_by_id",
        technical="asked_at confirmed_at ended_at",
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
