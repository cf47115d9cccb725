"""What people may do and how far it reaches: the permissions, the built-in roles, and how grants combine.

Whether one row lies within a reach is asked in services/access.py, not here.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """`resource:action`, sorted by name."""

    ABSENCE_TYPE_MANAGE = "absence-type:manage"
    ABSENCE_APPROVE = "absence:approve"
    # Putting absences of others down, without asking: it counts at once.
    ABSENCE_ENTER = "absence:enter"
    # Deciding whoever's turn it is, where a company lays down who has to agree.
    ABSENCE_OVERRULE = "absence:overrule"
    ABSENCE_REQUEST = "absence:request"
    ABSENCE_VIEW = "absence:view"
    ABSENCE_VIEW_REASON = "absence:view-reason"
    # Taking the log out of the portal: as a file, and by a feed for other systems.
    AUDIT_EXPORT = "audit:export"
    AUDIT_VIEW = "audit:view"
    # Who is away and when, without the type of absence and without the reason.
    CALENDAR_VIEW = "calendar:view"
    COMPANY_EDIT = "company:edit"
    # Deputies of other people; one's own are everybody's business.
    DELEGATION_MANAGE = "delegation:manage"
    # Names and work contacts; the rest of a person's record is employee:view.
    DIRECTORY_VIEW = "directory:view"
    DOCUMENT_CONFIRM = "document:confirm"
    DOCUMENT_DISTRIBUTE = "document:distribute"
    DOCUMENT_VIEW_CONFIRMATIONS = "document:view-confirmations"
    EMPLOYEE_EDIT = "employee:edit"
    EMPLOYEE_IMPORT = "employee:import"
    EMPLOYEE_INVITE = "employee:invite"
    EMPLOYEE_VIEW = "employee:view"
    HOLIDAY_MANAGE = "holiday:manage"
    LEDGER_ADJUST = "ledger:adjust"
    LEDGER_VIEW = "ledger:view"
    # Which fields of its own the company has, and who sees them; the values are the record's business.
    PEOPLE_FIELDS_MANAGE = "people-fields:manage"
    # Forbidding for a time that somebody is erased, and seeing why.
    PRIVACY_HOLD = "privacy:hold"
    # The record of processing, requests to be forgotten, what goes when.
    PRIVACY_MANAGE = "privacy:manage"
    # Tokens with which a directory service keeps people and groups, and the roles its groups lead to.
    PROVISIONING_MANAGE = "provisioning:manage"
    ROLE_GRANT = "role:grant"
    # Making and changing the company's own roles, and looking at the portal as a role sees it.
    ROLE_MANAGE = "role:manage"
    ROSTER_EDIT = "roster:edit"
    ROSTER_PRINT = "roster:print"
    ROSTER_PUBLISH = "roster:publish"
    # Published shifts; drafts belong to roster:edit.
    ROSTER_VIEW = "roster:view"
    SESSION_END_OTHERS = "session:end-others"
    # Accepting reports of sickness, taking them back, and seeing their proofs.
    SICKNESS_MANAGE = "sickness:manage"
    # Putting down that somebody else is ill, and when they are back.
    SICKNESS_REPORT = "sickness:report"
    # Learning that an absence is sickness; everybody else reads that somebody is away.
    SICKNESS_VIEW = "sickness:view"
    # Identity providers, who may join by them, and whether everybody must.
    SIGN_IN_MANAGE = "sign-in:manage"
    # How many have to be there, or may be away.
    STAFFING_MANAGE = "staffing:manage"
    # Approving past a rule of staffing that blocks.
    STAFFING_OVERRIDE = "staffing:override"
    # Asking the operator's staff for help inside the company, and ending such help.
    SUPPORT_ASK = "support:ask"
    # Letting them in.
    SUPPORT_GRANT = "support:grant"
    # Settling the end of a year of entitlement, and telling people before what lapses.
    YEAR_END_RUN = "year-end:run"


class Reach(StrEnum):
    """Whose rows a permission covers; ordered, each including the ones before it."""

    OWN = "own"
    TEAM = "team"
    SITE = "site"
    COMPANY = "company"

    def __lt__(self, other: str) -> bool:
        return _ORDER.index(self) < _ORDER.index(Reach(other))

    def __le__(self, other: str) -> bool:
        return _ORDER.index(self) <= _ORDER.index(Reach(other))

    def __gt__(self, other: str) -> bool:
        return not self <= other

    def __ge__(self, other: str) -> bool:
        return not self < other


_ORDER = tuple(Reach)

Grants = Mapping[Permission, Reach]


def _grants(**by_reach: tuple[Permission, ...]) -> Grants:
    return MappingProxyType({one: Reach(reach) for reach, several in by_reach.items() for one in several})


_P = Permission

# Everyone is an employee; the other roles are held beside it. An admin runs the portal but learns no reason
# of an absence and, because nobody grants above their own, cannot hand that right out either: HR does. So the
# first person of a company holds both hr and admin.
BUILT_IN_ROLES: Mapping[str, Grants] = MappingProxyType(
    {
        "employee": _grants(
            own=(
                _P.ABSENCE_REQUEST,
                _P.ABSENCE_VIEW,
                _P.ABSENCE_VIEW_REASON,
                _P.DOCUMENT_CONFIRM,
                _P.EMPLOYEE_VIEW,
                _P.LEDGER_VIEW,
            ),
            team=(_P.CALENDAR_VIEW, _P.ROSTER_VIEW),
            company=(_P.DIRECTORY_VIEW,),
        ),
        "manager": _grants(
            team=(
                _P.ABSENCE_APPROVE,
                _P.ABSENCE_VIEW,
                _P.ABSENCE_VIEW_REASON,
                _P.CALENDAR_VIEW,
                _P.DOCUMENT_VIEW_CONFIRMATIONS,
                _P.LEDGER_VIEW,
                _P.ROSTER_PRINT,
                _P.ROSTER_VIEW,
                _P.SICKNESS_REPORT,
                _P.SICKNESS_VIEW,
            ),
            company=(_P.DIRECTORY_VIEW,),
        ),
        "planner": _grants(
            site=(
                _P.CALENDAR_VIEW,
                _P.ROSTER_EDIT,
                _P.ROSTER_PRINT,
                _P.ROSTER_PUBLISH,
                _P.ROSTER_VIEW,
                _P.STAFFING_MANAGE,
            ),
            company=(_P.DIRECTORY_VIEW,),
        ),
        "hr": _grants(
            company=(
                _P.ABSENCE_APPROVE,
                _P.ABSENCE_ENTER,
                _P.ABSENCE_OVERRULE,
                _P.ABSENCE_TYPE_MANAGE,
                _P.ABSENCE_VIEW,
                _P.ABSENCE_VIEW_REASON,
                _P.CALENDAR_VIEW,
                _P.DELEGATION_MANAGE,
                _P.DIRECTORY_VIEW,
                _P.DOCUMENT_DISTRIBUTE,
                _P.DOCUMENT_VIEW_CONFIRMATIONS,
                _P.EMPLOYEE_EDIT,
                _P.EMPLOYEE_IMPORT,
                _P.EMPLOYEE_INVITE,
                _P.EMPLOYEE_VIEW,
                _P.HOLIDAY_MANAGE,
                _P.LEDGER_ADJUST,
                _P.LEDGER_VIEW,
                _P.PEOPLE_FIELDS_MANAGE,
                _P.PRIVACY_HOLD,
                _P.PRIVACY_MANAGE,
                _P.ROLE_GRANT,
                _P.ROSTER_EDIT,
                _P.ROSTER_PRINT,
                _P.ROSTER_PUBLISH,
                _P.ROSTER_VIEW,
                _P.SICKNESS_MANAGE,
                _P.SICKNESS_REPORT,
                _P.SICKNESS_VIEW,
                _P.STAFFING_MANAGE,
                _P.STAFFING_OVERRIDE,
                _P.SUPPORT_ASK,
                _P.YEAR_END_RUN,
            ),
        ),
        "admin": _grants(
            company=(
                _P.AUDIT_EXPORT,
                _P.AUDIT_VIEW,
                _P.COMPANY_EDIT,
                _P.DIRECTORY_VIEW,
                _P.EMPLOYEE_INVITE,
                _P.PRIVACY_MANAGE,
                _P.PROVISIONING_MANAGE,
                _P.ROLE_GRANT,
                _P.ROLE_MANAGE,
                _P.SESSION_END_OTHERS,
                _P.SIGN_IN_MANAGE,
                _P.SUPPORT_ASK,
                _P.SUPPORT_GRANT,
            ),
        ),
    }
)


def combine(*grants: Grants) -> dict[Permission, Reach]:
    """All grants of one person taken together: the widest reach of each permission wins."""
    widest: dict[Permission, Reach] = {}
    for permission, reach in _pairs(grants):
        if permission not in widest or reach > widest[permission]:
            widest[permission] = reach
    return widest


def covers(held: Grants, asked: Grants) -> bool:
    """Is everything asked for held, at least as far?"""
    return all(permission in held and held[permission] >= reach for permission, reach in asked.items())


def may_grant(granter: Grants, role: Grants) -> bool:
    """Nobody hands out what they do not hold themselves, nor further than they hold it."""
    return granter.get(Permission.ROLE_GRANT) == Reach.COMPANY and covers(granter, role)


#: Whoever holds one of these can make themselves anything: a person gives them, never a directory's group.
_FROM_PEOPLE_ALONE = {Permission.ROLE_GRANT, Permission.SIGN_IN_MANAGE}


def may_follow_from_group(role: Grants) -> bool:
    """Whether a group may lead to a role: of an identity provider or of a directory service, it is the same rule."""
    return not _FROM_PEOPLE_ALONE & set(role)


def may_manage(own: Grants, *contents: Grants) -> bool:
    """Nobody makes, changes or removes a role that may do more than they may, neither before nor after."""
    return own.get(Permission.ROLE_MANAGE) == Reach.COMPANY and all(covers(own, one) for one in contents)


def _pairs(grants: Iterable[Grants]) -> Iterable[tuple[Permission, Reach]]:
    return ((permission, reach) for grant in grants for permission, reach in grant.items())
