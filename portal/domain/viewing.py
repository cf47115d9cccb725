"""Looking at the portal as a role sees it: what is shown, and for how long."""

from collections.abc import Mapping
from datetime import timedelta

from portal.domain.permissions import Grants, Permission, Reach
from portal.domain.role_contents import reaches_of

LONGEST = timedelta(minutes=30)


def seen_as(role: Grants, own: Grants, *, elsewhere: bool) -> Mapping[Permission, Reach]:
    """What somebody with the grants `own` is shown of what `role` sees: never more than they see themselves.

    `elsewhere`: team and site are those of another person. Only a reach of the whole company surely covers
    these; with less, one keeps what is about oneself.
    """
    shown = {}
    for permission, reach in role.items():
        mine = own.get(permission)
        if mine is None:
            continue
        if mine is Reach.COMPANY or not elsewhere:
            shown[permission] = min(reach, mine)
        elif Reach.OWN in reaches_of(permission):
            shown[permission] = Reach.OWN
    return shown


def left_out(role: Grants, own: Grants, *, elsewhere: bool) -> Grants:
    """What the role may do and the view does not show, or not as far, because the viewer may not see it."""
    shown = seen_as(role, own, elsewhere=elsewhere)
    return {permission: reach for permission, reach in role.items() if shown.get(permission) != reach}
