"""How people get in: what proves them, and the traces it leaves."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import (
    Authenticator,
    Identity,
    OneTimeCode,
    Passkey,
    PasskeyChallenge,
    PhoneFactor,
    RecoveryCode,
    SignInAttempt,
    SignInLink,
    SignInSession,
    SsoTransaction,
)
from portal.models.base import Base
from portal.services.data_map.cards import Card, card


def _proof(model: type[Base], *, plain: str = "", sealed: str = "", secret: str = "") -> Card:
    """What somebody signs in with: it serves nothing once they are erased."""
    return card(
        model,
        purpose=Purpose.SIGN_IN,
        basis=Basis.CONTRACT,
        retention=Retention.EMPLOYMENT,
        rows=Rows.DELETED,
        person="employee_id",
        plain=plain,
        sealed=sealed,
        secret=secret,
    )


def _short_lived(model: type[Base], *, plain: str = "", secret: str = "", technical: str = "") -> Card:
    """What is good for minutes or days."""
    return card(
        model,
        purpose=Purpose.SIGN_IN,
        basis=Basis.CONTRACT,
        retention=Retention.SECRETS,
        rows=Rows.DELETED,
        person="employee_id",
        plain=plain,
        secret=secret,
        technical=technical,
    )


CARDS = [
    _proof(Identity, plain="provider subject password_changed_at", secret="password_hash"),  # noqa: S106
    _proof(
        PhoneFactor,
        plain="confirmed_at consecutive_failures disabled_at",
        sealed="phone_sealed",
        secret="phone_index",  # noqa: S106
    ),
    _proof(
        Authenticator,
        plain="confirmed_at consecutive_failures disabled_at",
        secret="session_id secret_sealed last_step",  # noqa: S106
    ),
    _proof(
        Passkey,
        plain="name sign_count transports last_used_at",
        secret="credential_id public_key",  # noqa: S106
    ),
    _proof(RecoveryCode, plain="used_at", secret="code_hmac"),  # noqa: S106
    _short_lived(SignInLink, plain="purpose expires_at used_at", secret="token_hash"),  # noqa: S106
    _short_lived(
        OneTimeCode,
        plain="attempts expires_at consumed_at",
        secret="phone_sealed phone_index prefix_index code_hmac",  # noqa: S106
        technical="session_id",
    ),
    _short_lived(PasskeyChallenge, plain="purpose expires_at", secret="challenge", technical="session_id"),  # noqa: S106
    _short_lived(
        SsoTransaction,
        plain="purpose after expires_at used_at",
        secret="state_hash browser_hash secrets_sealed report_sealed",  # noqa: S106
        technical="provider_id invitation_id",
    ),
    card(
        SignInAttempt,
        purpose=Purpose.SIGN_IN,
        basis=Basis.INTEREST,
        retention=Retention.TRACES,
        rows=Rows.DELETED,
        person="employee_id",
        plain="ip step succeeded provider attempted_at",
        secret="subject_hash",  # noqa: S106
    ),
    card(
        SignInSession,
        purpose=Purpose.SIGN_IN,
        basis=Basis.INTEREST,
        retention=Retention.TRACES,
        rows=Rows.DELETED,
        person="employee_id",
        people="viewing_place_id",
        plain="ip browser authenticated_at second_factor_at complete_at proven_at last_seen_at idle_until"
        " absolute_until denied_since denied_count revoked_at viewing_role_id viewing_until"
        " kept_form_until",
        secret="token_hash kept_form_sealed",  # noqa: S106
        technical="identity_id",
    ),
]
