"""What a role of a company's own may hold: how far each permission can reach, and which ones go together."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.domain.permissions import Grants, Permission, Reach
from portal.domain.refusals import Reason, Refusal

LONGEST_NAME = 60
MOST_ROLES = 50

_P = Permission
_OWN = (Reach.OWN,)
_OTHERS = (Reach.TEAM, Reach.SITE, Reach.COMPANY)
_ANY = (Reach.OWN, *_OTHERS)
_COMPANY = (Reach.COMPANY,)
_SITES = (Reach.SITE, Reach.COMPANY)

#: The reaches that mean something, narrow to wide. What asks for the permission alone, without comparing rows
#: with a reach, is for the whole company or for oneself: another reach would promise a limit that nobody keeps.
REACHES: Mapping[Permission, tuple[Reach, ...]] = MappingProxyType(
    {
        _P.ABSENCE_APPROVE: _OTHERS,
        _P.ABSENCE_ENTER: _OTHERS,
        _P.ABSENCE_OVERRULE: _OTHERS,
        _P.ABSENCE_REQUEST: _OWN,
        _P.ABSENCE_TYPE_MANAGE: _COMPANY,
        _P.ABSENCE_VIEW: _ANY,
        _P.ABSENCE_VIEW_REASON: _ANY,
        _P.AUDIT_EXPORT: _COMPANY,
        _P.AUDIT_VIEW: _COMPANY,
        _P.CALENDAR_VIEW: _OTHERS,
        _P.COMPANY_EDIT: _COMPANY,
        _P.DELEGATION_MANAGE: _OTHERS,
        _P.DIRECTORY_VIEW: _COMPANY,
        _P.DOCUMENT_CONFIRM: _OWN,
        _P.DOCUMENT_DISTRIBUTE: _COMPANY,
        _P.DOCUMENT_VIEW_CONFIRMATIONS: _OTHERS,
        _P.EMPLOYEE_EDIT: _OTHERS,
        _P.EMPLOYEE_IMPORT: _COMPANY,
        _P.EMPLOYEE_INVITE: _OTHERS,
        _P.EMPLOYEE_VIEW: _ANY,
        _P.HOLIDAY_MANAGE: _COMPANY,
        _P.LEDGER_ADJUST: _OTHERS,
        _P.LEDGER_VIEW: _ANY,
        _P.PEOPLE_FIELDS_MANAGE: _COMPANY,
        _P.PRIVACY_HOLD: _COMPANY,
        _P.PRIVACY_MANAGE: _COMPANY,
        _P.PROVISIONING_MANAGE: _COMPANY,
        _P.ROLE_GRANT: _COMPANY,
        _P.ROLE_MANAGE: _COMPANY,
        _P.ROSTER_EDIT: _OTHERS,
        _P.ROSTER_PRINT: _OTHERS,
        _P.ROSTER_PUBLISH: _OTHERS,
        _P.ROSTER_VIEW: _OTHERS,
        _P.SESSION_END_OTHERS: _OTHERS,
        _P.SICKNESS_MANAGE: _OTHERS,
        _P.SICKNESS_REPORT: _OTHERS,
        _P.SICKNESS_VIEW: _OTHERS,
        _P.SIGN_IN_MANAGE: _COMPANY,
        _P.STAFFING_MANAGE: _SITES,
        _P.STAFFING_OVERRIDE: _OTHERS,
        _P.SUPPORT_ASK: _COMPANY,
        _P.SUPPORT_GRANT: _COMPANY,
        _P.YEAR_END_RUN: _COMPANY,
    }
)
#: A permission whose pages open only to holders of another one.
NEEDS: Mapping[Permission, Permission] = MappingProxyType(
    {
        _P.ABSENCE_ENTER: _P.ABSENCE_VIEW,
        _P.ABSENCE_OVERRULE: _P.ABSENCE_APPROVE,
        _P.PRIVACY_HOLD: _P.PRIVACY_MANAGE,
        _P.AUDIT_EXPORT: _P.AUDIT_VIEW,
        _P.ROLE_MANAGE: _P.ROLE_GRANT,
        _P.ROSTER_EDIT: _P.ROSTER_VIEW,
        _P.ROSTER_PRINT: _P.ROSTER_VIEW,
        _P.ROSTER_PUBLISH: _P.ROSTER_EDIT,
        _P.SICKNESS_MANAGE: _P.SICKNESS_VIEW,
        _P.SICKNESS_REPORT: _P.SICKNESS_VIEW,
        _P.SICKNESS_VIEW: _P.ABSENCE_VIEW,
        _P.STAFFING_OVERRIDE: _P.ABSENCE_APPROVE,
        _P.SUPPORT_GRANT: _P.SUPPORT_ASK,
    }
)
#: Rights that nobody has over themselves, however far they reach.
NEVER_OWN = frozenset(
    {
        _P.ABSENCE_APPROVE,
        _P.ABSENCE_ENTER,
        _P.ABSENCE_OVERRULE,
        _P.LEDGER_ADJUST,
        _P.SICKNESS_MANAGE,
        _P.STAFFING_OVERRIDE,
    }
)


def reaches_of(permission: Permission) -> tuple[Reach, ...]:
    """How far the permission can reach; one that is not listed is for the whole company or not at all."""
    return REACHES.get(permission, _COMPANY)


def offered(permission: Permission, own: Grants) -> tuple[Reach, ...]:
    """The reaches with which somebody who holds `own` may put the permission into a role."""
    mine = own.get(permission)
    return tuple(one for one in reaches_of(permission) if mine is not None and one <= mine)


def check_contents(contents: Grants) -> None:
    """Refuses an empty role, a reach that means nothing, and a permission without the one it needs."""
    if not contents:
        raise Refusal(Reason.ROLE_EMPTY)
    for permission, reach in contents.items():
        if reach not in reaches_of(permission):
            raise Refusal(Reason.REACH_NOT_POSSIBLE, field=permission.name.lower())
        needed = NEEDS.get(permission)
        if needed is not None and (needed not in contents or contents[needed] < reach):
            raise Refusal(Reason.PERMISSION_NEEDS_ANOTHER, field=permission.name.lower(), needed=needed)


def check_name(name: str) -> None:
    """Refuses an empty name and one that no list has room for."""
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
