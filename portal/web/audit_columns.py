"""The columns that the audit log tells of, and the values of closed lists in them, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.web.absence_words import COUNTING, COVER_RULES, HALVES, KINDS, STATUSES, UNITS
from portal.web.approval_words import SUBJECTS, TEXT_COLUMNS
from portal.web.domain_words import FOUND
from portal.web.domain_words import STATUSES as DOMAIN_STATUSES
from portal.web.employment_columns import EMPLOYMENT_COLUMNS
from portal.web.factor_words import POLICIES
from portal.web.feed_words import SCOPES
from portal.web.field_words import GROUPS, RETENTION
from portal.web.field_words import KINDS as FIELD_KINDS
from portal.web.holiday_words import PARTS as DAY_PARTS
from portal.web.holiday_words import SOURCES as HOLIDAY_SOURCES
from portal.web.incident_words import ANSWERS
from portal.web.incident_words import SHORT as SEVERITIES
from portal.web.licence_words import ARCHIVE_STATES, FILE_COLUMNS, VERDICTS
from portal.web.licence_words import KINDS as LICENCE_KINDS
from portal.web.overtime_words import OVERTIME_STATUSES
from portal.web.plan_columns import PLAN_COLUMNS
from portal.web.plan_words import BASES, FREQUENCIES, GIVEN_AT, ROUNDINGS, RUNS
from portal.web.planning_words import PLANNING_CHOICES, PLANNING_COLUMNS, PLANNING_STATUSES
from portal.web.privacy_words import ERASURES, EXPORTS, ORIGINS
from portal.web.scan_words import SCAN_STATES
from portal.web.sso_words import JOINING, STATES
from portal.web.sso_words import KINDS as PROVIDER_KINDS
from portal.web.staffing_columns import GROUP_KINDS, STAFFING_COLUMNS
from portal.web.staffing_words import EFFECTS, MEASURES, METRICS, OVERRIDES
from portal.web.support_words import KINDS as GRANT_KINDS
from portal.web.support_words import SEALED as SEALED_VALUES
from portal.web.support_words import SHORT_AREAS

COLUMNS: dict[str, LazyString] = (
    {
        # What is reported and not asked for is health: the log does not call it by its name.
        "accepted_at": _l("Accepted at"),
        "accepted_by_id": _l("Accepted by"),
        "accepted_through": _l("Accepted through"),
        "alarm_days": _l("Tell HR after so many days in a row"),
        "alarmed_at": _l("HR told how long it lasts"),
        "proof_asked_on": _l("Asked for a proof on"),
        "sick": _l("Reported and not asked for"),
        "sickness": _l("This is sickness"),
        "absence_id": _l("Absence"),
        "absence_type_id": _l("Type of absence"),
        "absences": _l("Shows absences"),
        "active": _l("Works here"),
        "amount": _l("Amount"),
        "approved_at": _l("Approved at"),
        "approved_by_id": _l("Approved by"),
        "archived_at": _l("Put away at"),
        "areas": _l("Areas"),
        "asked_at": _l("Asked at"),
        "asked_by_id": _l("Asked by"),
        "asks_second_factor": _l("Asks for a second factor itself"),
        "author_id": _l("Entered by"),
        "break_glass_id": _l("Keeps a password for emergencies"),
        "break_minutes": _l("Break"),
        "busy_only": _l("Busy times only"),
        "certificate_id": _l("Certificate of erasure"),
        "changed_at": _l("Content changed at"),
        "changed_people": _l("Changed people"),
        "charge": _l("Length"),
        "checked_at": _l("Checked at"),
        "choices": _l("Choices"),
        "claimed_by_id": _l("Claimed by"),
        "acknowledged_at": _l("Acknowledged"),
        "acknowledged_by_id": _l("Acknowledged by"),
        "actions": _l("Kinds of action"),
        "answer": _l("Answer"),
        "answered_at": _l("Answered"),
        "answered_by_id": _l("Answered by"),
        "event_count": _l("Events"),
        "found_at": _l("Found"),
        "incident_id": _l("Incident"),
        "ips": _l("IP addresses"),
        "people_count": _l("People"),
        "processor_id": _l("Processor"),
        "processor_name": _l("Processor"),
        "read_only_since": _l("Read only since"),
        "report": _l("Report"),
        "security_contact": _l("E-mail for incidents"),
        "sessions": _l("Sessions"),
        "severity": _l("Severity"),
        "since": _l("From"),
        "told_at": _l("Told"),
        "closed_on": _l("Closed on"),
        "code": _l("Code"),
        "codes_stopped_until": _l("No codes until"),
        "colleagues_see": _l("Colleagues see the type"),
        "colour": _l("Colour"),
        "confirmed_at": _l("Confirmed at"),
        "confirmed_by_id": _l("Confirmed by"),
        "content_hash": _l("Content"),
        "content_type": _l("File type"),
        "cancel_escalated_at": _l("More people asked about cancelling"),
        "cancel_asked_at": _l("Asked to cancel at"),
        "cancel_by_approval": _l("Cancelling needs approval"),
        "cancel_needs_approval": _l("Cancelling needs approval"),
        "cancel_note": _l("Why it is to be cancelled"),
        "counting": _l("Counts"),
        "country": _l("Country"),
        "counts_as_worked": _l("Counts as worked"),
        "created_by_id": _l("Made by"),
        "date": _l("Date"),
        "decided_at": _l("Decided at"),
        "escalated_at": _l("More people asked at"),
        "decided_by_id": _l("Decided by"),
        "decision_note": _l("Note to the decision"),
        "decided_for_id": _l("Decided in the place of"),
        "deputy_id": _l("Deputy"),
        "decision_reason": _l("Reason of the decision"),
        "description": _l("Description"),
        "display_name": _l("Name"),
        "distributed_at": _l("Handed out at"),
        "distributed_by_id": _l("Handed out by"),
        "distribution_id": _l("Handed-out document"),
        "document_id": _l("Document"),
        "document_version_id": _l("Document"),
        "domain": _l("Domain"),
        "due_date": _l("Confirm by"),
        "due_on": _l("Answer due"),
        "during": _l("Time"),
        "effective_date": _l("Effective date"),
        "email": _l("Work e-mail"),
        "employee_id": _l("Person"),
        "employee_number": _l("Employee number"),
        "end_date": _l("Last day"),
        "end_told_at": _l("End told at"),
        "ended_at": _l("Ended at"),
        "ended_by_id": _l("Ended by"),
        "ends_minute": _l("End"),
        "erased_at": _l("Erased at"),
        "erasing_since": _l("Erased since"),
        "expires_at": _l("Good until"),
        "extended_on": _l("Extended on"),
        "extension_reason": _l("Reason of the extension"),
        "external_id": _l("Id in the directory"),
        "fetched_at": _l("Fetched at"),
        "field_group": _l("Who sees it"),
        "field_id": _l("Field"),
        "file_name": _l("File"),
        "finding": _l("What was found"),
        "finished_at": _l("Finished at"),
        "first_name": _l("First name"),
        "granted_at": _l("Let in at"),
        "granted_by_id": _l("Let in by"),
        "free": _l("The day is free"),
        "half_days": _l("Half days possible"),
        "holidays": _l("Shows public holidays"),
        "hours": _l("Hours"),
        "imported_by_id": _l("Imported by"),
        "invites": _l("New people are invited"),
        "job_title": _l("Job title"),
        "joining": _l("Who may join"),
        "key": _l("Short name"),
        "kind": _l("Kind"),
        "language": _l("Language"),
        "last_found_at": _l("Record last seen at"),
        "last_name": _l("Last name"),
        "last_seq": _l("Fetched up to event"),
        "last_used_at": _l("Last used at"),
        "last_used_ip": _l("Last used from"),
        "licence_ends_on": _l("Last day of the licence"),
        "licence_kind": _l("Licence"),
        "lifted_at": _l("Lifted at"),
        "lifted_by_id": _l("Lifted by"),
        "line_manager_id": _l("Line manager"),
        "manager_id": _l("Line manager"),
        "longest_days": _l("Longest stretch in days"),
        "mapped_by_id": _l("Role chosen by"),
        "missing_since": _l("Record missed since"),
        "most_days": _l("At most so many days"),
        "name": _l("Name"),
        "name_cs": _l("Name in Czech"),
        "name_de": _l("Name in German"),
        "needs_approval": _l("Needs approval"),
        "new_people": _l("New people"),
        "note": _l("Reason of the absence"),
        "cover_note": _l("Note to who covers"),
        "substitutes": _l("Who covers"),
        "notice_days": _l("Days of notice"),
        "number": _l("Version"),
        "opened_at": _l("Opened at"),
        "origin": _l("Came from"),
        "origin_year": _l("Entitlement of the year"),
        "overdraft": _l("May go below zero by"),
        "overdue_since": _l("Payment missing since"),
        "owner_id": _l("Owner"),
        "proof_from_days": _l("Proof is needed from day"),
        "pack": _l("Law pack"),
        "paid_minutes": _l("Working time"),
        "part": _l("How much of the day"),
        "parts": _l("Parts"),
        "passphrase_sealed": _l("Passphrase"),
        "pattern": _l("Working days"),
        "people_sealed": _l("What the undo goes back to"),
        "phone_sealed": _l("Mobile phone"),
        "photo_key": _l("Photo"),
        "placed_by_id": _l("Placed by"),
        "planned_at": _l("Planned at"),
        "planned_by_id": _l("Planned by"),
        "position": _l("Place in the order"),
        "published_at": _l("Published at"),
        "published_by_id": _l("Published by"),
        "ready_at": _l("Ready at"),
        "reason": _l("Reason of the correction"),
        "received_on": _l("Received on"),
        "reminded_at": _l("Reminded at"),
        "requested_at": _l("Requested at"),
        "requested_by_id": _l("Requested by"),
        "retention": _l("How long values stay"),
        "rejection_needs_note": _l("A no needs a reason"),
        "retired_on": _l("Not offered from"),
        "revoked_at": _l("Revoked at"),
        "role_id": _l("Role"),
        "role_mapping": _l("Roles by group"),
        "roster_id": _l("Roster"),
        "rule": _l("Computed by"),
        "scope": _l("Whose time"),
        "steps": _l("Steps"),
        "subject": _l("Kind of request"),
        "sealed": _l("Protected values"),
        "second_factor": _l("Has to use a second factor"),
        "second_factor_policy": _l("Who has to use a second factor"),
        "second_staff_id": _l("Second number of staff"),
        "second_staff_name": _l("Second of support"),
        "secret_expires_on": _l("Last day of the client secret"),
        "keys_sealed": _l("Our own keys"),
        "secret_sealed": _l("Client secret"),
        "settings": _l("Set-up"),
        "sha256": _l("Checksum of the file"),
        "shift_template_id": _l("Shift"),
        "shifts": _l("Shows shifts"),
        "site_id": _l("Site"),
        "size_bytes": _l("Size"),
        "slug": _l("Short name"),
        "source": _l("Where from"),
        "sso_required": _l("Single sign-on required"),
        "staff_id": _l("Number of staff"),
        "staff_name": _l("Of support"),
        "start_date": _l("First day"),
        "starts_minute": _l("Start"),
        "single_days": _l("Single days"),
        "state": _l("Status"),
        "status": _l("Status"),
        "storage_key": _l("Place in the file store"),
        "scan_state": _l("Antivirus"),
        "stripe_customer": _l("Customer at Stripe"),
        "subdivision": _l("Region"),
        "synced_at": _l("Last written by the directory at"),
        "tables_done": _l("Tables read"),
        "tables_total": _l("Tables to read"),
        "team_id": _l("Team"),
        "tested_at": _l("Tested at"),
        "tested_by_id": _l("Tested by"),
        "ticket": _l("Ticket"),
        "time_zone": _l("Time zone"),
        "title": _l("Title"),
        "token": _l("Value of the record"),
        "token_hash": _l("Token"),
        "unit": _l("Smallest part"),
        "undo_until": _l("Can be undone until"),
        "undone_at": _l("Undone at"),
        "undone_by_id": _l("Undone by"),
        "until": _l("Until"),
        "until_date": _l("Until"),
        "uploaded_by_id": _l("Uploaded by"),
        "usable_from": _l("Usable from"),
        "usable_through": _l("Usable through"),
        "valid_from": _l("Valid from"),
        "value": _l("Value"),
        "value_sealed": _l("Value"),
        "version": _l("Version"),
        "vouched": _l("By the word of the operator"),
        "weekly_minutes": _l("Weekly hours"),
        "window_fetches": _l("Fetches"),
        "window_requests": _l("Requests"),
        "window_started_at": _l("Requests counted since"),
        "writes": _l("May change things"),
        "opens_period": _l("New period of employment"),
        "changed_from": _l("Before the last change"),
        "overtime_cap": _l("Most overtime on the account"),
        "overtime_credit_id": _l("Overtime"),
        "overtime_months": _l("Overtime can be used for months"),
        "proposed_at": _l("Proposed at"),
        "proposed_by_id": _l("Proposed by"),
        "weight": _l("How much it matters"),
        "worked_minutes": _l("Hours worked longer"),
        "worked_on": _l("Worked on"),
        "replaces_id": _l("In the place of"),
        "uses_future_accrual": _l("What is still to be earned may be used"),
        "yearly_entitlement": _l("Yearly entitlement"),
    }
    | PLAN_COLUMNS
    | EMPLOYMENT_COLUMNS
    | (STAFFING_COLUMNS | TEXT_COLUMNS)
    | PLANNING_COLUMNS
    | FILE_COLUMNS
)
#: Where the same name means something else.
OF_TABLE: dict[tuple[str, str], LazyString] = {
    ("feed", "token_hash"): _l("Address"),
    ("feed", "window_started_at"): _l("Fetches counted since"),
    ("absence", "version"): _l("Changes so far"),
    ("audit_feed_token", "token_hash"): _l("Token"),
    ("company", "name"): _l("Company name"),
    ("licence_file", "number"): _l("Number"),
    ("delegation", "reason"): _l("Reason"),
    ("law_pack_choice", "reason"): _l("Reason"),
    ("person_calendar", "reason"): _l("Reason"),
    ("planned_absence", "planned_at"): _l("Planned since"),
    ("overtime_credit", "note"): _l("What for"),
    ("distribution", "team_id"): _l("Handed out to"),
    ("roster", "version"): _l("Published version"),
    ("support_grant", "reason"): _l("What it was about"),
}
#: Columns that hold several values: what each is called, or how one is told whose name people chose (with "%s").
PARTS: dict[tuple[str, str], dict[str, LazyString] | LazyString] = {
    ("approval_rule", "steps"): _l("Steps"),
    ("request_approval_rule", "steps"): _l("Steps"),
    ("identity_provider", "role_mapping"): _l("Role of the group “%s”"),
    ("identity_provider", "settings"): {
        "certificates": _l("Certificates"),
        "client_id": _l("Client ID"),
        "email_attribute": _l("Attribute of the e-mail"),
        "entity_id": _l("Entity ID of the provider"),
        "first_name_attribute": _l("Attribute of the first name"),
        "groups_attribute": _l("Attribute of the groups"),
        "last_name_attribute": _l("Attribute of the last name"),
        "sign_in_url": _l("Sign-in address"),
        "tenant_id": _l("Directory (tenant) ID"),
    },
}
#: Values of closed lists, by column.
CHOICES: dict[str, dict[str, LazyString]] = {
    "scan_state": {str(one): words for one, words in SCAN_STATES.items()},
    "status": {
        str(status): words
        for status, words in (
            (RUNS | ARCHIVE_STATES | STATUSES | OVERTIME_STATUSES | PLANNING_STATUSES)
            | (DOMAIN_STATUSES | ERASURES | EXPORTS)
        ).items()
    },
    "severity": {str(one): words for one, words in SEVERITIES.items()},
    "answer": {str(one): words for one, words in ANSWERS.items()},
    "areas": SHORT_AREAS,
    "counting": {str(method): words for method, words in COUNTING.items()},
    "unit": {str(unit): words for unit, words in UNITS.items()},
    "substitutes": {str(rule): words for rule, words in COVER_RULES.items()},
    "sealed": SEALED_VALUES,
    "origin": {str(origin): words for origin, words in ORIGINS.items()},
    "finding": {str(finding): words for finding, words in FOUND.items()},
    "joining": {str(joining): words for joining, words in JOINING.items()},
    "verdict": {str(one): words for one, words in VERDICTS.items()},
    "licence_kind": {str(kind): words for kind, words in LICENCE_KINDS.items()},
    "kind": {
        str(kind): words
        for kind, words in (KINDS | PROVIDER_KINDS | FIELD_KINDS | GRANT_KINDS | GROUP_KINDS).items()
    },
    "basis": {str(basis): words for basis, words in BASES.items()},
    "frequency": {str(frequency): words for frequency, words in FREQUENCIES.items()},
    "given_at": {str(when): words for when, words in GIVEN_AT.items()},
    "rounding": {str(how): words for how, words in ROUNDINGS.items()},
    "field_group": {str(group): words for group, words in GROUPS.items()},
    "retention": {str(retention): words for retention, words in RETENTION.items()},
    "part": {str(part): words for part, words in DAY_PARTS.items()},
    "first_part": {str(part): words for part, words in (DAY_PARTS | HALVES).items()},
    "last_part": {str(part): words for part, words in (DAY_PARTS | HALVES).items()},
    "source": {str(source): words for source, words in HOLIDAY_SOURCES.items()},
    "override": {str(one): words for one, words in OVERRIDES.items()},
    "metric": {str(metric): words for metric, words in METRICS.items()},
    "measure": {str(measure): words for measure, words in MEASURES.items()},
    "effect": {str(effect): words for effect, words in EFFECTS.items()},
    **PLANNING_CHOICES,
    "scope": {str(scope): words for scope, words in SCOPES.items()},
    "state": {str(state): words for state, words in STATES.items()},
    "subject": {str(kind): words for kind, words in SUBJECTS.items()},
    "second_factor_policy": {str(policy): words for policy, words in POLICIES.items()},
}


def column_label(table: str, column: str) -> str:
    """The column in words; one of a later version is shown as it is called, without what only we need."""
    words = OF_TABLE.get((table, column)) or COLUMNS.get(column)
    return str(words) if words else column.removesuffix("_sealed").removesuffix("_id").replace("_", " ")


def part_label(table: str, column: str, part: str) -> str:
    """One of several values in a column; one of a later version is shown as it is called."""
    words = PARTS.get((table, column), {})
    if isinstance(words, dict):
        known = words.get(part)
        return str(known) if known else f"{column_label(table, column)}: {part.replace('_', ' ')}"
    return str(words) % part
