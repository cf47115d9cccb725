"""What the company opened to the operator's staff, and the staff themselves."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import (
    OperatorChallenge,
    OperatorEvent,
    OperatorPasskey,
    OperatorSession,
    OperatorStaff,
    SupportGrant,
    SupportVisit,
)
from portal.models.base import Base
from portal.services.data_map.cards import Card, card


def _of_the_operator(model: type[Base], technical: str, *, secret: str = "") -> Card:
    """About the operator's own people, of whom no company keeps anything here."""
    return card(
        model,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        secret=secret,
        technical=technical,
    )


CARDS = [
    card(
        SupportGrant,
        purpose=Purpose.ACCOUNTABILITY,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.COMPANY,
        rows=Rows.PSEUDONYMOUS,
        person="asked_by_id",
        people="granted_by_id ended_by_id",
        plain="kind areas sealed writes hours reason ticket asked_at granted_at until ended_at",
        technical="staff_id staff_name second_staff_id second_staff_name end_told_at",
        erased={"reason": Erase.BLANK, "ticket": Erase.BLANK},
    ),
    card(
        SupportVisit,
        purpose=Purpose.ACCOUNTABILITY,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="support_grant_id staff_id staff_name staff_email first_at last_at",
    ),
    _of_the_operator(
        OperatorStaff,
        "email name active last_step set_up_until failures locked_until",
        secret="password_hash app_sealed set_up_hash",  # noqa: S106
    ),
    _of_the_operator(
        OperatorSession,
        "staff_id ip idle_until absolute_until revoked_at grant_id",
        secret="token_hash",  # noqa: S106
    ),
    _of_the_operator(
        OperatorPasskey, "staff_id name credential_id public_key sign_count transports last_used_at"
    ),
    _of_the_operator(OperatorChallenge, "staff_id expires_at", secret="challenge"),  # noqa: S106
    _of_the_operator(OperatorEvent, "at action ip email company"),
]
