"""Permissions in plain words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.permissions import Permission

P = Permission
PERMISSIONS: dict[Permission, LazyString] = {
    P.ABSENCE_APPROVE: _l("Decide on requests for time off"),
    P.ABSENCE_REQUEST: _l("Ask for time off"),
    P.ABSENCE_VIEW: _l("See absences and their type"),
    P.ABSENCE_VIEW_REASON: _l("See the reason of an absence"),
    P.AUDIT_VIEW: _l("Read the audit log"),
    P.CALENDAR_VIEW: _l("See in the calendar who is away"),
    P.COMPANY_EDIT: _l("Change the company's settings"),
    P.DIRECTORY_VIEW: _l("See the directory"),
    P.DOCUMENT_CONFIRM: _l("Confirm documents"),
    P.DOCUMENT_DISTRIBUTE: _l("Upload and hand out documents"),
    P.DOCUMENT_VIEW_CONFIRMATIONS: _l("See who has confirmed documents"),
    P.EMPLOYEE_EDIT: _l("Change people's records"),
    P.EMPLOYEE_IMPORT: _l("Import people from a file"),
    P.EMPLOYEE_INVITE: _l("Invite people and help them sign in"),
    P.EMPLOYEE_VIEW: _l("See people's records"),
    P.LEDGER_ADJUST: _l("Correct balances of time off"),
    P.LEDGER_VIEW: _l("See balances of time off"),
    P.ROLE_GRANT: _l("Give and take roles"),
    P.ROSTER_EDIT: _l("Plan rosters"),
    P.ROSTER_PRINT: _l("Print rosters"),
    P.ROSTER_PUBLISH: _l("Publish rosters"),
    P.ROSTER_VIEW: _l("See published rosters"),
    P.SESSION_END_OTHERS: _l("Sign other people out"),
}
