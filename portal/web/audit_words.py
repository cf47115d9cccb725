"""The audit log in the reader's language: what was done, to which column, from what to what."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.services.audit import Action

A = Action
ACTIONS: dict[str, LazyString] = {
    A.ABSENCE_APPROVED: _l("Absence approved"),
    A.ABSENCE_CANCELLED: _l("Absence cancelled"),
    A.ABSENCE_REJECTED: _l("Absence rejected"),
    A.ABSENCE_REQUESTED: _l("Absence requested"),
    A.ABSENCE_WITHDRAWN: _l("Absence withdrawn"),
    A.ACCESS_DENIED: _l("Access denied"),
    A.COMPANY_CHANGED: _l("Company settings changed"),
    A.COMPANY_CREATED: _l("Company created"),
    A.DOCUMENT_CONFIRMED: _l("Document confirmed"),
    A.DOCUMENT_DAMAGED: _l("Damaged document found"),
    A.DOCUMENT_DISTRIBUTED: _l("Document distributed"),
    A.DOCUMENT_DOWNLOADED: _l("Document downloaded"),
    A.DOCUMENT_REMINDED: _l("Readers reminded"),
    A.DOCUMENT_UPLOADED: _l("Document uploaded"),
    A.DOMAIN_CHECKED: _l("E-mail domain checked"),
    A.DOMAIN_CLAIMED: _l("E-mail domain claimed"),
    A.DOMAIN_LOST: _l("E-mail domain lost"),
    A.DOMAIN_MISSING: _l("Record of an e-mail domain missing"),
    A.DOMAIN_REMOVED: _l("E-mail domain removed"),
    A.DOMAIN_VERIFIED: _l("E-mail domain verified"),
    A.EMPLOYEE_CHANGED: _l("Person changed"),
    A.EMPLOYEE_CREATED: _l("Person created"),
    A.EMPLOYEE_DEACTIVATED: _l("Person deactivated"),
    A.EMPLOYEE_INVITED: _l("Person invited"),
    A.EMPLOYEE_REACTIVATED: _l("Person reactivated"),
    A.EMPLOYEE_VIEWED_SEALED: _l("Protected value looked at"),
    A.EMPLOYMENT_CHANGED: _l("Terms of employment changed"),
    A.ENTITLEMENT_GRANTED: _l("Entitlement granted"),
    A.INVITATION_ACCEPTED: _l("Invitation accepted"),
    A.LEDGER_ADJUSTED: _l("Balance corrected"),
    A.PASSWORD_CHANGED: _l("Password changed"),
    A.PASSWORD_RESET_ASKED: _l("Password reset asked for"),
    A.PEOPLE_IMPORTED: _l("People imported"),
    A.PHONE_BOUND: _l("Mobile number set up"),
    A.PHONE_DISABLED: _l("Codes stopped after wrong tries"),
    A.PHONE_REMOVED: _l("Mobile number removed"),
    A.PROVISIONING_GROUP_CHANGED: _l("Group of the directory changed"),
    A.PROVISIONING_GROUP_CREATED: _l("Group of the directory created"),
    A.PROVISIONING_GROUP_MAPPED: _l("Role of a directory group changed"),
    A.PROVISIONING_GROUP_REMOVED: _l("Group of the directory removed"),
    A.PROVISIONING_TOKEN_ISSUED: _l("Provisioning token made"),
    A.PROVISIONING_TOKEN_REVOKED: _l("Provisioning token revoked"),
    A.ROLE_GRANTED: _l("Role granted"),
    A.ROLE_REVOKED: _l("Role revoked"),
    A.ROSTER_CREATED: _l("Roster created"),
    A.ROSTER_PRINTED: _l("Roster printed"),
    A.ROSTER_PUBLISHED: _l("Roster published"),
    A.SESSION_ENDED: _l("Session ended"),
    A.SESSIONS_ENDED: _l("All sessions ended"),
    A.SHIFT_ADDED: _l("Shift added"),
    A.SHIFT_CHANGED: _l("Shift changed"),
    A.SHIFT_MOVED: _l("Shift moved"),
    A.SHIFT_REMOVED: _l("Shift removed"),
    A.SHIFT_TEMPLATE_CHANGED: _l("Shift template changed"),
    A.SHIFT_TEMPLATE_CREATED: _l("Shift template created"),
    A.SIGN_IN_CODE_SENT: _l("Code sent"),
    A.SIGN_IN_FAILED: _l("Sign-in failed"),
    A.SIGN_IN_SUCCEEDED: _l("Signed in"),
    A.SIGN_OUT: _l("Signed out"),
    A.SITE_CREATED: _l("Site created"),
    A.TEAM_CREATED: _l("Team created"),
    A.TEAM_MEMBERSHIP_CHANGED: _l("Team membership changed"),
}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_MOMENT_LENGTH = 11


def action_label(action: str) -> str:
    """The action in words; one of a later version is shown as it is called."""
    return str(ACTIONS.get(action, action))


def column_label(column: str) -> str:
    """`line_manager_id` as "line manager": columns are not translated one by one, the log is for admins."""
    return column.removesuffix("_sealed").removesuffix("_id").replace("_", " ")


def readable(value: Any) -> str:
    """A value from the log on one line, without anything that could fake another line (T-log injection)."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = _CONTROLS.sub(" ", str(value))
    try:
        if len(text) < _MOMENT_LENGTH:
            return str(format_date(date.fromisoformat(text)))
        return str(format_datetime(datetime.fromisoformat(text), "short"))
    except ValueError:
        return text
