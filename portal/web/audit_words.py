"""The audit log in the reader's language: what was done. Columns, facts and values have modules of their own."""

from __future__ import annotations

from flask_babel import LazyString
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
    A.AUTHENTICATOR_DISABLED: _l("Authenticator app stopped after wrong tries"),
    A.AUTHENTICATOR_REMOVED: _l("Authenticator app removed"),
    A.AUTHENTICATOR_SET_UP: _l("Authenticator app set up"),
    A.CODES_STOPPED: _l("Codes by SMS stopped for a while"),
    A.COMPANY_CHANGED: _l("Company settings changed"),
    A.COMPANY_CREATED: _l("Company created"),
    A.DOCUMENT_CONFIRMED: _l("Document confirmed"),
    A.DOCUMENT_DAMAGED: _l("Damaged document found"),
    A.DOCUMENT_DISTRIBUTED: _l("Document distributed"),
    A.DOCUMENT_DOWNLOADED: _l("Document downloaded"),
    A.DOCUMENT_REMINDED: _l("Readers reminded"),
    A.DOCUMENT_UPLOADED: _l("Document uploaded"),
    A.DOMAIN_VERIFIED: _l("E-mail domain verified"),
    A.EMPLOYEE_CHANGED: _l("Person changed"),
    A.EMPLOYEE_CREATED: _l("Person created"),
    A.EMPLOYEE_DEACTIVATED: _l("Person deactivated"),
    A.EMPLOYEE_INVITED: _l("Person invited"),
    A.EMPLOYEE_REACTIVATED: _l("Person reactivated"),
    A.EMPLOYEE_VIEWED_SEALED: _l("Protected value looked at"),
    A.EMPLOYMENT_CHANGED: _l("Terms of employment changed"),
    A.ENTITLEMENT_GRANTED: _l("Entitlement granted"),
    A.IDENTITY_PROVEN: _l("Identity proven again"),
    A.INVITATION_ACCEPTED: _l("Invitation accepted"),
    A.LEDGER_ADJUSTED: _l("Balance corrected"),
    A.PASSKEY_ADDED: _l("Passkey added"),
    A.PASSKEY_REMOVED: _l("Passkey removed"),
    A.PASSKEY_RENAMED: _l("Passkey renamed"),
    A.PASSWORD_CHANGED: _l("Password changed"),
    A.PASSWORD_RESET_ASKED: _l("Password reset asked for"),
    A.PEOPLE_IMPORTED: _l("People imported"),
    A.PHONE_BOUND: _l("Mobile number set up"),
    A.PHONE_DISABLED: _l("Codes stopped after wrong tries"),
    A.PHONE_REMOVED: _l("Mobile number removed"),
    A.ROLE_CHANGED: _l("Role changed"),
    A.ROLE_CREATED: _l("Role made"),
    A.ROLE_DELETED: _l("Role deleted"),
    A.RECOVERY_CODE_USED: _l("Recovery code used"),
    A.RECOVERY_CODES_MADE: _l("Recovery codes made"),
    A.ROLE_GRANTED: _l("Role granted"),
    A.ROLE_REVOKED: _l("Role revoked"),
    A.ROSTER_CREATED: _l("Roster created"),
    A.ROSTER_PRINTED: _l("Roster printed"),
    A.ROSTER_PUBLISHED: _l("Roster published"),
    A.SECOND_FACTOR_POLICY_CHANGED: _l("Second factor policy changed"),
    A.SECOND_FACTORS_RESET: _l("Second factors reset"),
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
    A.VIEWING_ENDED: _l("Look as a role ended"),
    A.VIEWING_STARTED: _l("Look as a role started"),
}


def action_label(action: str) -> str:
    """The action in words; one of a later version is shown as it is called."""
    return str(ACTIONS.get(action, action))
