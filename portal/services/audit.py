"""Records what was done, by whom and what changed, in the transaction that does it.

The database function audit.append numbers, chains and stores the events; nothing else may write there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text

from portal.db import UnitOfWork
from portal.models.base import Base


class Action(StrEnum):
    """Everything the log can say, as `noun.event`, sorted."""

    ABSENCE_ACCEPTED = "absence.accepted"
    ABSENCE_ALARMED = "absence.alarmed"
    ABSENCE_APPROVED = "absence.approved"
    ABSENCE_CANCEL_ASKED = "absence.cancel-asked"
    ABSENCE_CANCEL_ESCALATED = "absence.cancel-escalated"
    ABSENCE_CANCEL_WITHDRAWN = "absence.cancel-withdrawn"
    ABSENCE_CANCELLED = "absence.cancelled"
    ABSENCE_CHANGE_ASKED = "absence.change-asked"
    ABSENCE_CHANGED = "absence.changed"
    ABSENCE_DAYS_GIVEN_BACK = "absence.days-given-back"
    ABSENCE_DECIDED_BY_LINK = "absence.decided-by-link"
    ABSENCE_DISPLACED = "absence.displaced"
    ABSENCE_ENTERED = "absence.entered"
    ABSENCE_ESCALATED = "absence.escalated"
    ABSENCE_EXTENDED = "absence.extended"
    ABSENCE_HANDED_OVER = "absence.handed-over"
    ABSENCE_KEPT = "absence.kept"
    ABSENCE_PRICED_BY_ROSTER = "absence.priced-by-roster"
    ABSENCE_PROOF_ACCEPTED = "absence.proof-accepted"
    ABSENCE_PROOF_ADDED = "absence.proof-added"
    ABSENCE_PROOF_DAMAGED = "absence.proof-damaged"
    ABSENCE_PROOF_OPENED = "absence.proof-opened"
    ABSENCE_PROOF_REMOVED = "absence.proof-removed"
    ABSENCE_RECOMPUTED = "absence.recomputed"
    ABSENCE_REINSTATED = "absence.reinstated"
    ABSENCE_REJECTED = "absence.rejected"
    ABSENCE_REPLACED = "absence.replaced"
    ABSENCE_REPORT_UNDONE = "absence.report-undone"
    ABSENCE_REPORTED = "absence.reported"
    ABSENCE_REQUESTED = "absence.requested"
    ABSENCE_SHORTENED = "absence.shortened"
    ABSENCE_STEP_APPROVED = "absence.step-approved"
    ABSENCE_SUBSTITUTE_ANSWERED = "absence.substitute-answered"
    ABSENCE_SUBSTITUTE_NAMED = "absence.substitute-named"
    ABSENCE_SUBSTITUTE_REMOVED = "absence.substitute-removed"
    ABSENCE_TYPE_CHANGED = "absence-type.changed"
    ABSENCE_TYPE_CREATED = "absence-type.created"
    ABSENCE_TYPE_RULES_CHANGED = "absence-type.rules-changed"
    ABSENCE_TYPE_RULES_DROPPED = "absence-type.rules-dropped"
    ABSENCE_WITHDRAWN = "absence.withdrawn"
    ACCESS_DENIED = "access.denied"
    APPROVAL_RULE_CHANGED = "approval-rule.changed"
    APPROVAL_TEXTS_CHANGED = "approval-texts.changed"
    APPROVAL_TEXTS_SENT = "approval-texts.sent"
    ARCHIVE_ASKED = "archive.asked"
    ARCHIVE_FETCHED = "archive.fetched"
    ARCHIVE_MADE = "archive.made"
    AUDIT_EXPORT_FAILED = "audit.export-failed"
    AUDIT_EXPORT_FETCHED = "audit.export-fetched"
    AUDIT_EXPORT_READY = "audit.export-ready"
    AUDIT_EXPORTED = "audit.exported"
    AUDIT_FEED_TOKEN_ISSUED = "audit-feed.token-issued"  # noqa: S105
    AUDIT_FEED_TOKEN_REVOKED = "audit-feed.token-revoked"  # noqa: S105
    AUTHENTICATOR_DISABLED = "authenticator.disabled"
    AUTHENTICATOR_REMOVED = "authenticator.removed"
    AUTHENTICATOR_SET_UP = "authenticator.set-up"
    BILLING_BEGUN = "billing.begun"
    BILLING_COUNTED = "billing.counted"
    CLOSING_ASKED = "closing.asked"
    CLOSING_CONFIRMED = "closing.confirmed"
    CLOSING_WITHDRAWN = "closing.withdrawn"
    CLOSURE_EXTENDED = "closure.extended"
    CLOSURE_MADE = "closure.made"
    CLOSURE_UNDONE = "closure.undone"
    CODES_STOPPED = "codes.stopped"
    COMPANY_CHANGED = "company.changed"
    COMPANY_CREATED = "company.created"
    COMPANY_ERASURE_BEGUN = "company.erasure-begun"
    COMPANY_FREED = "company.freed"
    COMPANY_HELD = "company.held"
    COMPANY_KEYS_REWRAPPED = "company.keys-rewrapped"
    COMPANY_RESTORED = "company.restored"
    COMPANY_TAKEN_UP = "company.taken-up"
    CUSTOM_FIELD_ARCHIVED = "custom-field.archived"
    CUSTOM_FIELD_CHANGED = "custom-field.changed"
    CUSTOM_FIELD_CREATED = "custom-field.created"
    CUSTOM_FIELD_RESTORED = "custom-field.restored"
    CUSTOM_FIELD_VALUES_EXPIRED = "custom-field.values-expired"
    DATA_EXPORT_ASKED = "data-export.asked"
    DATA_EXPORT_FAILED = "data-export.failed"
    DATA_EXPORT_FETCHED = "data-export.fetched"
    DATA_EXPORT_READY = "data-export.ready"
    DELEGATION_ENDED = "delegation.ended"
    DELEGATION_MADE = "delegation.made"
    DOCUMENT_CONFIRMED = "document.confirmed"
    DOCUMENT_DAMAGED = "document.damaged"
    DOCUMENT_DISTRIBUTED = "document.distributed"
    DOCUMENT_DOWNLOADED = "document.downloaded"
    DOCUMENT_MENDED = "document.mended"
    DOCUMENT_REMINDED = "document.reminded"
    DOCUMENT_UPLOADED = "document.uploaded"
    DOMAIN_CHECKED = "domain.checked"
    DOMAIN_CLAIMED = "domain.claimed"
    DOMAIN_LOST = "domain.lost"
    DOMAIN_MISSING = "domain.missing"
    DOMAIN_REMOVED = "domain.removed"
    DOMAIN_VERIFIED = "domain.verified"
    EMPLOYEE_CHANGED = "employee.changed"
    EMPLOYEE_CREATED = "employee.created"
    EMPLOYEE_DEACTIVATED = "employee.deactivated"
    EMPLOYEE_INVITED = "employee.invited"
    EMPLOYEE_KEPT = "employee.kept"
    EMPLOYEE_LEAVING = "employee.leaving"
    EMPLOYEE_PHOTO_CHANGED = "employee.photo-changed"
    EMPLOYEE_PHOTO_REMOVED = "employee.photo-removed"
    EMPLOYEE_REACTIVATED = "employee.reactivated"
    EMPLOYEE_REHIRED = "employee.rehired"
    EMPLOYEE_REMOVED = "employee.removed"
    EMPLOYEE_VALUE_CHANGED = "employee.value-changed"
    EMPLOYEE_VIEWED_SEALED = "employee.viewed-sealed"
    EMPLOYMENT_CHANGED = "employment.changed"
    ENTITLEMENT_ACCRUED = "entitlement.accrued"
    ENTITLEMENT_AGREED = "entitlement.agreed"
    ENTITLEMENT_AGREEMENT_TAKEN_BACK = "entitlement.agreement-taken-back"
    ENTITLEMENT_GRANTED = "entitlement.granted"
    ENTITLEMENT_LAPSED = "entitlement.lapsed"
    ENTITLEMENT_PLAN_CHANGED = "entitlement-plan.changed"
    ENTITLEMENT_PLAN_DROPPED = "entitlement-plan.dropped"
    ERASURE_APPROVED = "erasure.approved"
    ERASURE_ASKED = "erasure.asked"
    ERASURE_CARRIED_OUT = "erasure.carried-out"
    ERASURE_DECLINED = "erasure.declined"
    ERASURE_EXTENDED = "erasure.extended"
    ERASURE_FINISHED = "erasure.finished"
    ERASURE_PLANNED = "erasure.planned"
    ERASURE_WITHDRAWN = "erasure.withdrawn"
    FEED_MADE = "feed.made"
    FEED_REVOKED = "feed.revoked"
    FILE_INFECTED = "file.infected"
    FILE_RELEASED = "file.released"
    GROUP_ENTRY_MADE = "group-entry.made"
    GROUP_ENTRY_UNDONE = "group-entry.undone"
    HOLIDAY_ADDED = "holiday.added"
    HOLIDAY_AGREED = "holiday.agreed"
    HOLIDAY_AGREEMENT_ENDED = "holiday.agreement-ended"
    HOLIDAY_CALENDAR_AGREED = "holiday.calendar-agreed"
    HOLIDAY_CALENDAR_DROPPED = "holiday.calendar-dropped"
    HOLIDAY_REGION_CHANGED = "holiday.region-changed"
    HOLIDAY_REGION_DROPPED = "holiday.region-dropped"
    HOLIDAY_REMOVED = "holiday.removed"
    IDENTITY_PROVEN = "identity.proven"
    IDENTITY_PROVIDER_ACTIVATED = "identity-provider.activated"
    IDENTITY_PROVIDER_CHANGED = "identity-provider.changed"
    IDENTITY_PROVIDER_CREATED = "identity-provider.created"
    IDENTITY_PROVIDER_REMOVED = "identity-provider.removed"
    IDENTITY_PROVIDER_SWITCHED_OFF = "identity-provider.switched-off"
    INCIDENT_ACKNOWLEDGED = "incident.acknowledged"
    INCIDENT_CONTAINED = "incident.contained"
    INCIDENT_EXAMINED = "incident.examined"
    INCIDENT_READ = "incident.read"
    INCIDENT_TOLD = "incident.told"
    INVITATION_ACCEPTED = "invitation.accepted"
    LAPSE_NOTICE_READ = "lapse-notice.read"
    LAPSE_NOTICES_REMINDED = "lapse-notice.reminded"
    LAPSE_NOTICES_SENT = "lapse-notice.sent"
    LAW_PACK_CHOICE_DROPPED = "law-pack.choice-dropped"
    LAW_PACK_CHOSEN = "law-pack.chosen"
    LEDGER_ADJUSTED = "ledger.adjusted"
    LEGAL_HOLD_LIFTED = "legal-hold.lifted"
    LEGAL_HOLD_PLACED = "legal-hold.placed"
    LICENCE_CHANGED = "licence.changed"
    LICENCE_FILE_CHECKED = "licence-file.checked"
    LICENCE_FILE_INSTALLED = "licence-file.installed"
    LICENCE_FILE_REMOVED = "licence-file.removed"
    LICENCE_NOTICED = "licence.noticed"
    LINE_MANAGER_CHANGED = "line-manager.changed"
    OVERTIME_BOOKED = "overtime.booked"
    OVERTIME_DECIDED_BY_LINK = "overtime.decided-by-link"
    OVERTIME_DECLINED = "overtime.declined"
    OVERTIME_DROPPED = "overtime.dropped"
    OVERTIME_ESCALATED = "overtime.escalated"
    OVERTIME_HANDED_OVER = "overtime.handed-over"
    OVERTIME_LAPSED = "overtime.lapsed"
    OVERTIME_PROPOSED = "overtime.proposed"
    OVERTIME_REVERSED = "overtime.reversed"
    OVERTIME_STEP_APPROVED = "overtime.step-approved"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_REMOVED = "passkey.removed"
    PASSKEY_RENAMED = "passkey.renamed"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105
    PASSWORD_RESET_ASKED = "password.reset-asked"  # noqa: S105
    PEOPLE_CHANGE_FAILED = "people.change-failed"
    PEOPLE_CHANGE_ORDERED = "people.change-ordered"
    PEOPLE_CHANGE_UNDONE = "people.change-undone"
    PEOPLE_CHANGED = "people.changed"
    PEOPLE_EXPORTED = "people.exported"
    PEOPLE_IMPORT_UNDONE = "people.import-undone"
    PEOPLE_IMPORTED = "people.imported"
    PHONE_BOUND = "phone.bound"
    PHONE_DISABLED = "phone.disabled"
    PHONE_REMOVED = "phone.removed"
    PLANNED_ABSENCE_ASKED = "planned-absence.asked"
    PLANNED_ABSENCE_CHANGED = "planned-absence.changed"
    PLANNED_ABSENCE_DROPPED = "planned-absence.dropped"
    PLANNED_ABSENCE_MADE = "planned-absence.made"
    PLANNING_ROUND_CLOSED = "planning-round.closed"
    PLANNING_ROUND_OPENED = "planning-round.opened"
    PLANNING_ROUND_PUBLISHED = "planning-round.published"
    PLANNING_ROUND_REMINDED = "planning-round.reminded"
    PLANNING_ROUND_UNDONE = "planning-round.undone"
    PLANNING_ROUND_WEIGHED = "planning-round.weighed"
    PROCESSOR_ANNOUNCED = "processor.announced"
    PROCESSOR_ANSWERED = "processor.answered"
    PROVISIONING_GROUP_CHANGED = "provisioning.group-changed"
    PROVISIONING_GROUP_CREATED = "provisioning.group-created"
    PROVISIONING_GROUP_MAPPED = "provisioning.group-mapped"
    PROVISIONING_GROUP_REMOVED = "provisioning.group-removed"
    PROVISIONING_TOKEN_ISSUED = "provisioning.token-issued"  # noqa: S105
    PROVISIONING_TOKEN_REVOKED = "provisioning.token-revoked"  # noqa: S105
    RECOVERY_CODE_USED = "recovery-code.used"
    RECOVERY_CODES_MADE = "recovery-codes.made"
    REPORT_EXPORTED = "report.exported"
    RETENTION_APPLIED = "retention.applied"
    ROLE_CHANGED = "role.changed"
    ROLE_CREATED = "role.created"
    ROLE_DELETED = "role.deleted"
    ROLE_GRANTED = "role.granted"
    ROLE_REVOKED = "role.revoked"
    ROSTER_CREATED = "roster.created"
    ROSTER_PRINTED = "roster.printed"
    ROSTER_PUBLISHED = "roster.published"
    ROSTER_SHIFTS_FREED = "roster.shifts-freed"
    ROSTER_SHIFTS_RETURNED = "roster.shifts-returned"
    SECOND_FACTOR_POLICY_CHANGED = "second-factor-policy.changed"
    SECOND_FACTORS_RESET = "second-factors.reset"
    SECURITY_CONTACT_CHANGED = "company.security-contact-changed"
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    SHIFT_ADDED = "shift.added"
    SHIFT_CHANGED = "shift.changed"
    SHIFT_MOVED = "shift.moved"
    SHIFT_REMOVED = "shift.removed"
    SHIFT_TEMPLATE_CHANGED = "shift-template.changed"
    SHIFT_TEMPLATE_CREATED = "shift-template.created"
    SIGN_IN_CODE_SENT = "sign-in.code-sent"
    SIGN_IN_FAILED = "sign-in.failed"
    SIGN_IN_POLICY_CHANGED = "sign-in-policy.changed"
    SIGN_IN_SUCCEEDED = "sign-in.succeeded"
    SIGN_OUT = "sign-out"
    SITE_CHANGED = "site.changed"
    SITE_CREATED = "site.created"
    SITE_REMOVED = "site.removed"
    SSO_CERTIFICATE_WARNED = "sso.certificate-warned"
    SSO_DENIED = "sso.denied"
    SSO_LINKED = "sso.linked"
    SSO_SECRET_WARNED = "sso.secret-warned"  # noqa: S105
    SSO_TESTED = "sso.tested"
    SSO_UNLINKED = "sso.unlinked"
    STAFFING_BREACHES_FOUND = "staffing.breaches-found"
    STAFFING_RULE_CHANGED = "staffing-rule.changed"
    STAFFING_RULE_CREATED = "staffing-rule.created"
    STAFFING_RULE_NAMES_LESS = "staffing-rule.names-less"
    STAFFING_RULE_NAMES_MORE = "staffing-rule.names-more"
    STAFFING_RULE_REMOVED = "staffing-rule.removed"
    SUPPORT_ALARM = "support.alarm"
    SUPPORT_ASKED = "support.asked"
    SUPPORT_EMERGENCY_ASKED = "support.emergency-asked"
    SUPPORT_EMERGENCY_OPENED = "support.emergency-opened"
    SUPPORT_ENDED = "support.ended"
    SUPPORT_ENTERED = "support.entered"
    SUPPORT_EXPIRED = "support.expired"
    SUPPORT_GRANTED = "support.granted"
    SUPPORT_LEFT = "support.left"
    SUPPORT_LOOKED = "support.looked"
    SUPPORT_REFUSED = "support.refused"
    SUPPORT_TURNED_AWAY = "support.turned-away"
    TEAM_CHANGED = "team.changed"
    TEAM_CREATED = "team.created"
    TEAM_MEMBERSHIP_CHANGED = "team-membership.changed"
    TEAM_REMOVED = "team.removed"
    VIEWING_ENDED = "viewing.ended"
    VIEWING_STARTED = "viewing.started"
    YEAR_END_DROPPED = "year-end.dropped"
    YEAR_END_ORDERED = "year-end.ordered"
    YEAR_END_POSTED = "year-end.posted"
    YEAR_END_PREVIEWED = "year-end.previewed"
    YEAR_END_REVERSED = "year-end.reversed"


_APPEND = text("SELECT audit.append(CAST(:events AS jsonb))")
#: Asks for a live grant, and that the events are signed by whoever of the staff is there.
_APPEND_BY_SUPPORT = text("SELECT audit.append_by_support(CAST(:events AS jsonb))")


@dataclass(frozen=True)
class RecordedEvent:
    """One event of the running transaction, not yet written."""

    action: Action
    subject: Base | None
    subject_type: str
    subject_id: UUID | None
    #: The employee to whom the subject belongs: who looks for a person finds what was done to their things.
    about_id: UUID | str | None
    facts: dict[str, Any]


def record(uow: UnitOfWork, action: Action, *, subject: Base | None = None, **facts: Any) -> None:
    """Notes that `action` was done to `subject`; the row's changes are added when the transaction ends.

    `facts` are small plain values that the changes do not show. Never a secret: no code, token or password.
    """
    if uow.actor.viewing is not None and not uow.actor.viewing.over:
        facts = {"viewing_as": uow.actor.viewing.role_name, **facts}
    if uow.actor.support is not None:
        facts = {"support": str(uow.actor.support.grant_id), **facts}
    if not uow.events:
        uow.before_commit.append(_append_events)
    subject_type = subject.__tablename__ if subject is not None else ""
    subject_id = getattr(subject, "id", None)
    about_id = facts.get("employee") or getattr(subject, "employee_id", None)
    uow.events.append(RecordedEvent(action, subject, subject_type, subject_id, about_id, facts))


def _append_events(uow: UnitOfWork) -> None:
    rows = [
        {
            "actor_id": str(uow.actor.employee_id) if uow.actor.employee_id else None,
            "action": event.action.value,
            "version": uow.version,
            "subject_type": event.subject_type,
            "subject_id": _subject_id(event),
            "payload": _payload(uow, event),
        }
        for event in uow.events
    ]
    append = _APPEND_BY_SUPPORT if uow.actor.support is not None else _APPEND
    uow.session.execute(append, {"events": json.dumps(rows)})


def _subject_id(event: RecordedEvent) -> str | None:
    # A new row has its id only after the flush that came since.
    found = getattr(event.subject, "id", None) or event.subject_id
    return str(found) if found else None


def _payload(uow: UnitOfWork, event: RecordedEvent) -> str:
    changes = uow.changes(event.subject) if event.subject is not None else {}
    return json.dumps(
        {
            "email": uow.actor.email,
            "name": uow.actor.name,
            "ip": uow.request.ip,
            "request": uow.request.request_id,
            "session": str(uow.request.session_id) if uow.request.session_id else None,
            "about": str(event.about_id) if event.about_id else None,
            "changes": changes,
            "facts": event.facts,
        },
        ensure_ascii=False,
        sort_keys=True,
        default=str,
    )
