"""The company itself and how it is set up, its letters and its log."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import (
    AuditEvent,
    AuditExport,
    AuditFeedToken,
    BackupRun,
    CertificateWarning,
    Company,
    CompanyKey,
    Drill,
    IdentityProvider,
    OperatorAlarm,
    OutboxMessage,
    Role,
    RolePermission,
    SignInPolicy,
    Site,
    Team,
    UsedAssertion,
    VerifiedDomain,
)
from portal.models.audit_event import AuditHead
from portal.models.base import Base
from portal.services.data_map.cards import Card, card


def set_up(model: type[Base], technical: str, *, people: str = "", secret: str = "") -> Card:
    """How the company is set up: about nobody, though it may say who did it."""
    return card(
        model,
        purpose=Purpose.COMPANY,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people=people,
        secret=secret,
        technical=technical,
    )


CARDS = [
    card(
        OutboxMessage,
        purpose=Purpose.LETTERS,
        basis=Basis.CONTRACT,
        retention=Retention.LETTERS,
        rows=Rows.DELETED,
        person="employee_id",
        plain="channel template status attempts sent_at failure",
        secret="letter_sealed",  # noqa: S106
    ),
    card(
        AuditEvent,
        purpose=Purpose.ACCOUNTABILITY,
        basis=Basis.LEGAL_DUTY,
        retention=Retention.COMPANY,
        rows=Rows.PSEUDONYMOUS,
        person="actor_id",
        plain="seq at action version subject_type ip",
        technical="subject_id about_id commitment hash",
        secret="salt payload",  # noqa: S106
        # Together they go: what is left of the event proves that the chain is whole and says nothing of a person.
        erased={"salt": Erase.NULL, "payload": Erase.NULL, "ip": Erase.NULL},
    ),
    set_up(AuditHead, "seq hash"),
    set_up(
        Company,
        "slug name language time_zone country subdivision second_factor_policy codes_stopped_until licence_kind"
        " licence_ends_on overdue_since closed_on erasing_since certificate_id stripe_customer"
        " security_contact read_only_since approval_texts approval_texts_from approval_texts_until"
        " approval_texts_a_day",
    ),
    set_up(CompanyKey, "version wrapped_by", secret="wrapped_key"),  # noqa: S106
    set_up(VerifiedDomain, "domain"),
    set_up(Site, "name time_zone country subdivision"),
    set_up(Team, "name site_id"),
    set_up(Role, "key name version second_factor"),
    set_up(RolePermission, "role_id permission reach"),
    set_up(
        IdentityProvider,
        "kind name state settings asks_second_factor joining role_mapping tested_at secret_expires_on",
        people="tested_by_id",
        secret="secret_sealed keys_sealed",  # noqa: S106
    ),
    card(
        AuditExport,
        purpose=Purpose.ACCOUNTABILITY,
        basis=Basis.NONE,
        retention=Retention.EXPORTS,
        rows=Rows.UNTOUCHED,
        people="asked_by_id",
        technical="status kind chosen through events_done events_total parts size_bytes sha256 ready_at expires_at"
        " fetched_at",
    ),
    set_up(
        AuditFeedToken,
        "name last_used_at last_used_ip last_seq revoked_at",
        people="created_by_id",
        secret="token_hash",  # noqa: S106
    ),
    set_up(SignInPolicy, "sso_required", people="break_glass_id"),
    set_up(UsedAssertion, "provider_id assertion_hash expires_at"),
    set_up(CertificateWarning, "provider_id thumbprint days sent_at"),
    set_up(BackupRun, "taken_at finished_at place outcome problem size_bytes checked_at removed_at"),
    set_up(
        Drill,
        "backup_id started_at duration_ms recovery_point_seconds passed checks size_bytes row_count file_count version",
    ),
    set_up(OperatorAlarm, "kind since told_at"),
]
