"""Permissions, reaches and areas in plain words, in the order in which pages show them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.permissions import Permission, Reach
from portal.domain.role_contents import reaches_of

P = Permission
PERMISSIONS: dict[Permission, LazyString] = {
    P.ABSENCE_APPROVE: _l("Decide on requests for time off"),
    P.ABSENCE_ENTER: _l("Enter absences of others"),
    P.ABSENCE_OVERRULE: _l("Decide when it is somebody else's turn"),
    P.ABSENCE_REQUEST: _l("Ask for time off"),
    P.ABSENCE_TYPE_MANAGE: _l("Manage types of absence"),
    P.ABSENCE_VIEW: _l("See absences and their type"),
    P.ABSENCE_VIEW_REASON: _l("See the reason of an absence"),
    P.AUDIT_EXPORT: _l("Export the audit log"),
    P.AUDIT_VIEW: _l("Read the audit log"),
    P.CALENDAR_VIEW: _l("See in the calendar who is away"),
    P.COMPANY_EDIT: _l("Change the company's settings"),
    P.DELEGATION_MANAGE: _l("Choose deputies for others"),
    P.DIRECTORY_VIEW: _l("See the directory"),
    P.DOCUMENT_CONFIRM: _l("Confirm documents"),
    P.DOCUMENT_DISTRIBUTE: _l("Upload and hand out documents"),
    P.DOCUMENT_VIEW_CONFIRMATIONS: _l("See who has confirmed documents"),
    P.EMPLOYEE_EDIT: _l("Change people's records"),
    P.EMPLOYEE_IMPORT: _l("Import people from a file"),
    P.EMPLOYEE_INVITE: _l("Invite people and help them sign in"),
    P.EMPLOYEE_VIEW: _l("See people's records"),
    P.HOLIDAY_MANAGE: _l("Manage public holidays"),
    P.LEDGER_ADJUST: _l("Correct balances of time off"),
    P.LEDGER_VIEW: _l("See balances of time off"),
    P.PEOPLE_FIELDS_MANAGE: _l("Choose which fields people have"),
    P.PRIVACY_HOLD: _l("Put people's data on legal hold"),
    P.PRIVACY_MANAGE: _l("Answer requests about personal data"),
    P.ROLE_GRANT: _l("Give and take roles"),
    P.ROLE_MANAGE: _l("Make and change roles"),
    P.ROSTER_EDIT: _l("Plan rosters"),
    P.ROSTER_PRINT: _l("Print rosters"),
    P.ROSTER_PUBLISH: _l("Publish rosters"),
    P.ROSTER_VIEW: _l("See published rosters"),
    P.SESSION_END_OTHERS: _l("Sign other people out"),
    P.SICKNESS_MANAGE: _l("Accept sickness and see its proofs"),
    P.SICKNESS_REPORT: _l("Report others ill"),
    P.SICKNESS_VIEW: _l("See that an absence is sickness"),
    P.PROVISIONING_MANAGE: _l("Set up how the directory keeps people and groups"),
    P.SIGN_IN_MANAGE: _l("Set up how people sign in"),
    P.STAFFING_MANAGE: _l("Manage rules of staffing"),
    P.STAFFING_OVERRIDE: _l("Approve past a rule of staffing that blocks"),
    P.SUPPORT_ASK: _l("Ask support for help, and end its access"),
    P.SUPPORT_GRANT: _l("Let support in"),
    P.YEAR_END_RUN: _l("Settle the end of a year of entitlement"),
}
#: What the name alone does not say.
NOTES: dict[Permission, LazyString] = {
    P.ABSENCE_APPROVE: _l("Never one's own."),
    P.ABSENCE_ENTER: _l("They count at once, and the person is told. Never one's own."),
    P.ABSENCE_OVERRULE: _l("And hand a request over to another approver. Never one's own."),
    P.AUDIT_EXPORT: _l("As a file, and by a feed for other systems."),
    P.CALENDAR_VIEW: _l("Without type and reason."),
    P.DIRECTORY_VIEW: _l("Names, jobs, teams and work e-mail."),
    P.EMPLOYEE_VIEW: _l("Employment, employee number, phone."),
    P.LEDGER_ADJUST: _l("Never one's own."),
    P.PEOPLE_FIELDS_MANAGE: _l("The company's own fields, and who sees each."),
    P.PRIVACY_HOLD: _l("And see why they are on hold."),
    P.PRIVACY_MANAGE: _l("The record of processing, erasures, and what goes when."),
    P.ROLE_GRANT: _l("Only roles that may do no more than the giver."),
    P.ROLE_MANAGE: _l("Only within one's own rights. Includes looking at the portal as a role."),
    P.ROSTER_EDIT: _l("Drafts too, and the shift templates of the company."),
    P.STAFFING_MANAGE: _l("How many have to be there or may be away, and the days that break it."),
    P.STAFFING_OVERRIDE: _l("With a reason, which the log keeps. Never for oneself."),
    P.YEAR_END_RUN: _l("Carry over, lapse, and tell people before."),
}
AREAS: list[tuple[str, LazyString, tuple[Permission, ...]]] = [
    (
        "absences",
        _l("Absences"),
        (
            P.ABSENCE_REQUEST,
            P.CALENDAR_VIEW,
            P.ABSENCE_VIEW,
            P.ABSENCE_VIEW_REASON,
            P.ABSENCE_APPROVE,
            P.ABSENCE_ENTER,
            P.ABSENCE_OVERRULE,
            P.SICKNESS_VIEW,
            P.SICKNESS_REPORT,
            P.SICKNESS_MANAGE,
            P.DELEGATION_MANAGE,
            P.LEDGER_VIEW,
            P.LEDGER_ADJUST,
            P.ABSENCE_TYPE_MANAGE,
            P.YEAR_END_RUN,
            P.HOLIDAY_MANAGE,
            P.STAFFING_MANAGE,
            P.STAFFING_OVERRIDE,
        ),
    ),
    ("rosters", _l("Rosters"), (P.ROSTER_VIEW, P.ROSTER_PRINT, P.ROSTER_EDIT, P.ROSTER_PUBLISH)),
    (
        "documents",
        _l("Documents"),
        (P.DOCUMENT_CONFIRM, P.DOCUMENT_VIEW_CONFIRMATIONS, P.DOCUMENT_DISTRIBUTE),
    ),
    (
        "people",
        _l("People"),
        (
            P.DIRECTORY_VIEW,
            P.EMPLOYEE_VIEW,
            P.EMPLOYEE_EDIT,
            P.EMPLOYEE_IMPORT,
            P.PEOPLE_FIELDS_MANAGE,
        ),
    ),
    ("access", _l("Access"), (P.EMPLOYEE_INVITE, P.SESSION_END_OTHERS, P.ROLE_GRANT, P.ROLE_MANAGE)),
    (
        "company",
        _l("Company"),
        (
            P.COMPANY_EDIT,
            P.SIGN_IN_MANAGE,
            P.PROVISIONING_MANAGE,
            P.SUPPORT_ASK,
            P.SUPPORT_GRANT,
            P.AUDIT_VIEW,
            P.AUDIT_EXPORT,
            P.PRIVACY_MANAGE,
            P.PRIVACY_HOLD,
        ),
    ),
]
REACHES: dict[Reach, LazyString] = {
    Reach.OWN: _l("Only themselves"),
    Reach.TEAM: _l("Their teams"),
    Reach.SITE: _l("Their site"),
    Reach.COMPANY: _l("Whole company"),
}
MEANINGS: dict[Reach, LazyString] = {
    Reach.OWN: _l("What is about the person who holds the role."),
    Reach.TEAM: _l("Also the people whose line manager they are, and everybody in the teams they belong to today."),
    Reach.SITE: _l("Also everybody who is employed at the same site today."),
    Reach.COMPANY: _l("Everybody, today and later."),
}  # fmt: skip


def reach_label(permission: Permission, reach: Reach) -> str:
    """How far, in words; what can reach only one way is simply allowed."""
    return _("Allowed") if len(reaches_of(permission)) == 1 else str(REACHES[reach])
