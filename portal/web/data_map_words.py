"""The data map in plain words: purposes, grounds, periods, tables, and what becomes of rows and fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.data_map import Basis, Erase, Export, Purpose, Retention, Rows
from portal.services import data_map
from portal.services.audit_names import Names
from portal.services.audit_values import Kind, kind_of
from portal.services.data_map.cards import Card, Field
from portal.services.forgetting import plans
from portal.web.audit_choices import choices_of
from portal.web.audit_columns import COLUMNS, OF_TABLE, column_label
from portal.web.audit_values import written

#: Columns of which no page tells but the plan of an erasure.
_UNTOLD = {
    "ip": _l("IP address"),
    "payload": _l("What the event says"),
    "salt": _l("The key to its checksum"),
}
#: What stands in the copy in words already.
_READ_ALREADY = {Kind.REFERENCE, Kind.WITHHELD, Kind.CHOICE}
_NO_NAMES = Names({}, may_see_absence_types=True)

PURPOSES: dict[Purpose, LazyString] = {
    Purpose.EMPLOYMENT: _l("People and their employment"),
    Purpose.TIME_OFF: _l("Time off"),
    Purpose.ROSTERS: _l("Rosters and working time"),
    Purpose.DOCUMENTS: _l("Documents and confirmations"),
    Purpose.SIGN_IN: _l("Signing in"),
    Purpose.LETTERS: _l("Letters and messages"),
    Purpose.ACCOUNTABILITY: _l("Audit log"),
    Purpose.RIGHTS: _l("Rights over personal data"),
    Purpose.COMPANY: _l("How the company is set up"),
}
REASONS: dict[Purpose, LazyString] = {
    Purpose.EMPLOYMENT: _l("Knowing who works here, since when and on which terms."),
    Purpose.TIME_OFF: _l("Asking for time off, deciding on it, and keeping balances."),
    Purpose.ROSTERS: _l("Planning shifts, and keeping the record of working time."),
    Purpose.DOCUMENTS: _l("Handing out documents, and showing who has read them."),
    Purpose.SIGN_IN: _l("Letting the right people in, and noticing who tries to be somebody else."),
    Purpose.LETTERS: _l("Telling people what concerns them."),
    Purpose.ACCOUNTABILITY: _l("Showing who did what, so that misuse is found."),
    Purpose.RIGHTS: _l("Answering requests about personal data, and proving the answer."),
    Purpose.COMPANY: _l("Settings, teams, roles. Nothing about a person, except who set it up."),
}
BASES: dict[Basis, LazyString] = {
    Basis.CONTRACT: _l("Employment contract, GDPR Art. 6(1)(b)"),
    Basis.LEGAL_DUTY: _l("Legal duty, GDPR Art. 6(1)(c)"),
    Basis.INTEREST: _l("Legitimate interest, GDPR Art. 6(1)(f)"),
    Basis.NONE: _l("Not about a person"),
}
PERIODS: dict[Retention, LazyString] = {
    Retention.COMPANY: _l("As long as the company uses the portal"),
    Retention.EMPLOYMENT: _l("Until the person is erased"),
    Retention.CLAIMS: _l("Until the end of the third year after the person left"),
    Retention.FIELD: _l("As each field says, and until the person is erased"),
    Retention.TRACES: _l("90 days"),
    Retention.LETTERS: _l("90 days"),
    Retention.SECRETS: _l("7 days after they are no longer good"),
    Retention.EXPORTS: _l("The file 7 days, the note of it until the person is erased"),
}
ROWS: dict[Rows, LazyString] = {
    Rows.UNTOUCHED: _l("Stays: not about a person"),
    Rows.DELETED: _l("Deleted"),
    Rows.PSEUDONYMOUS: _l("Stays without a name"),
}
EXPORTS: dict[Export, LazyString] = {
    Export.PLAIN: _l("In the copy"),
    Export.SEALED: _l("In the copy, opened"),
    Export.FILE: _l("In the copy, as a file"),
    Export.NAME: _l("In the copy, as a name"),
    Export.SECRET: _l("Not in the copy: it would open a door"),
    Export.TECHNICAL: _l("Not in the copy: technical"),
}
FIELDS: dict[Erase, LazyString] = {
    Erase.NULL: _l("Emptied"),
    Erase.BLANK: _l("Emptied"),
    Erase.PSEUDONYM: _l("Replaced by a pseudonym"),
}
#: Why a part of an erasure waits, by what it waits for.
WAITS: dict[str, LazyString] = {
    "at-once": _l("At once"),
    Retention.CLAIMS: _l(
        "Needed for claims from the employment and for records of working time, GDPR Art. 17(3)"
    ),
}
TABLES: dict[str, LazyString] = {
    "absence": _l("Absences"),
    "absence_part": _l("Days of absences"),
    "absence_proof": _l("Proofs of absences"),
    "absence_substitute": _l("Who covers for absences"),
    "absence_type": _l("Types of absence"),
    "approval_rule": _l("Steps of approval by type"),
    "request_approval_rule": _l("Steps of approval of other requests by type"),
    "approval_step": _l("Steps of approval of requests"),
    "step_approver": _l("Who is asked in a step of approval"),
    "audit_feed_token": _l("Tokens for the feed of the audit log"),
    "absence_type_version": _l("Rules of types of absence"),
    "agreed_entitlement": _l("Entitlements agreed with people"),
    "authenticator": _l("Authenticator apps"),
    "billing_event": _l("Messages about payments"),
    "backup_run": _l("Record of backups"),
    "certificate_warning": _l("Warnings about certificates"),
    "closing": _l("Wishes to close the company"),
    "company": _l("The company"),
    "company_archive": _l("Archives of the company"),
    "company_key": _l("Keys of the company"),
    "confirmation": _l("Confirmations of documents"),
    "custom_field": _l("Fields of people"),
    "custom_value": _l("Values of the company's own fields"),
    "audit_export": _l("Files of the audit log"),
    "data_export": _l("Copies of people's data"),
    "delegation": _l("Delegated decisions"),
    "distribution": _l("Handing out of documents"),
    "distribution_recipient": _l("Documents handed to people"),
    "document": _l("Documents"),
    "document_version": _l("Versions of documents"),
    "domain_claim": _l("Claims of e-mail domains"),
    "drill": _l("Record of restore drills"),
    "employee": _l("People"),
    "employment": _l("Terms of employment"),
    "erasure": _l("Certificates of erased companies"),
    "entitlement_plan": _l("Plans of entitlement"),
    "erasure_request": _l("Requests for erasure"),
    "erasure_step": _l("Steps of erasures"),
    "event": _l("Events of the audit log"),
    "feed": _l("Calendar feeds"),
    "head": _l("Heads of the audit log"),
    "identity": _l("Ways to sign in"),
    "identity_provider": _l("Sign-in providers"),
    "lapse_notice": _l("Letters about days that lapse"),
    "ledger_entry": _l("Movements of balances"),
    "legal_hold": _l("Legal holds"),
    "licence_file": _l("Licence files"),
    "licence_notice": _l("Letters about the licence"),
    "one_time_code": _l("Codes by SMS"),
    "operator_alarm": _l("Alarms of the operator"),
    "operator_challenge": _l("What passkeys of members of support are asked to sign"),
    "operator_event": _l("What happened at the door of support"),
    "operator_passkey": _l("Passkeys of members of support"),
    "operator_session": _l("Members of support who are signed in"),
    "operator_staff": _l("Members of support"),
    "outbox_message": _l("Letters and messages"),
    "passkey": _l("Passkeys"),
    "passkey_challenge": _l("Challenges for passkeys"),
    "people_change": _l("Changes of many people"),
    "overtime_credit": _l("Overtime that became time off"),
    "planned_absence": _l("Days that people plan to be away"),
    "planning_choice": _l("What planning rounds decided about wishes"),
    "planning_round": _l("Planning rounds"),
    "people_import": _l("Imports of people"),
    "phone_factor": _l("Phones for codes"),
    "published_shift": _l("Published shifts"),
    "recovery_code": _l("Recovery codes"),
    "role": _l("Roles"),
    "role_grant": _l("Roles of people"),
    "role_permission": _l("Permissions of roles"),
    "roster": _l("Rosters"),
    "scim_group": _l("Groups of the directory"),
    "scim_group_member": _l("Who is in groups of the directory"),
    "scim_person": _l("People in the directory"),
    "scim_role_grant": _l("Roles by groups of the directory"),
    "scim_token": _l("Tokens for the directory"),
    "shift": _l("Planned shifts"),
    "shift_template": _l("Shift templates"),
    "sign_in_attempt": _l("Tries to sign in"),
    "sign_in_link": _l("Links by mail"),
    "sign_in_policy": _l("Rules of signing in"),
    "sign_in_session": _l("Signed-in browsers"),
    "site": _l("Sites"),
    "group_entry": _l("Absences entered for many people, and closures"),
    "staffing_breach": _l("Days known to break a rule of staffing"),
    "staffing_rule": _l("Rules of staffing"),
    "staffing_rule_part": _l("People and types that rules of staffing name"),
    "person_calendar": _l("Calendars of holidays agreed with single people"),
    "person_holiday": _l("Free days agreed with single people"),
    "site_holiday": _l("The company's own holidays"),
    "law_pack_choice": _l("Law packs chosen for sites"),
    "site_region": _l("Regions of public holidays"),
    "sso_transaction": _l("Trips to sign-in providers"),
    "company_incident": _l("Incidents that companies were told"),
    "incident": _l("Incidents"),
    "incident_entry": _l("Lines of incidents"),
    "processor": _l("Processors"),
    "processor_answer": _l("Answers about processors"),
    "processor_notice": _l("Of which processors companies were told"),
    "support_grant": _l("What was opened to support"),
    "support_visit": _l("Who of support came"),
    "team": _l("Teams"),
    "line_management": _l("Line managers by date"),
    "team_membership": _l("Team memberships"),
    "used_assertion": _l("Used answers of providers"),
    "verified_domain": _l("E-mail domains"),
    "released_shift": _l("Shifts that fell open"),
    "withdrawn_shift": _l("Shifts taken away"),
    "year_end_line": _l("People at the end of a year"),
    "year_end_run": _l("Ends of years"),
}


def table_label(table: str) -> str:
    """The table in words; one that a later version has written is shown as it is called."""
    words = TABLES.get(table)
    return str(words) if words else table.replace("_", " ")


def field_label(card: Card, field: Field) -> str:
    """The column as the audit log says it; what no page tells of has only its technical name."""
    if field.name == "created_at":
        return _("Written at")
    known = field.name in COLUMNS or (card.table, field.name) in OF_TABLE
    return column_label(card.table, field.name) if known else ""


def erasure_label(card: Card, field: Field) -> str:
    """What erasing a person does to this field, and when."""
    if card.rows is not Rows.PSEUDONYMOUS or field.erase is None:
        return str(ROWS[card.rows]) if card.rows is not Rows.PSEUDONYMOUS else _("Stays")
    done = str(FIELDS[field.erase])
    if field.until is None:
        return _("%(done)s at once", done=done)
    return _("%(done)s. Waits: %(period)s", done=done, period=str(PERIODS[field.until]))


def fields_label(table: str, fields: Iterable[str]) -> str:
    """Columns in words, in one line."""
    card = data_map.CARDS[table]
    return ", ".join(field_label(card, card.fields[name]) or str(_UNTOLD.get(name, name)) for name in fields)


def step_fields(table: str, waits_for: str) -> str:
    """What a step of an erasure empties, in words; nothing where whole rows go, or the table is no longer there."""
    card = data_map.CARDS.get(table)
    return fields_label(table, plans.fields_of(card, waits_for)) if card is not None else ""


def copied_label(table: str, name: str) -> str:
    """A column of a person's copy in words; what no page tells of is said as it is called."""
    if name == "created_at":
        return _("Written at")
    for column in (name, f"{name}_id", f"{name}_sealed"):
        if column in COLUMNS or (table, column) in OF_TABLE:
            return column_label(table, column)
    return name.replace("_", " ")


def copied_value(table: str, name: str, value: Any) -> str:
    """A value of a person's copy as people write it; no sign of it turns the page around."""
    choice = choices_of(table, name).get(value) if isinstance(value, str) else None
    if choice is not None:
        return str(choice)
    kind = kind_of(table, name)
    return written(Kind.TEXT if kind in _READ_ALREADY else kind, value, names=_NO_NAMES)
