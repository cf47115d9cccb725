"""What a directory service keeps here of people and groups, and the company's proven domains."""

from portal.domain.data_map import Basis, Purpose, Retention, Rows
from portal.models import DomainClaim, ScimGroup, ScimGroupMember, ScimPerson, ScimRoleGrant, ScimToken
from portal.models.base import Base
from portal.services.data_map.cards import Card, card
from portal.services.data_map.company import set_up


def _of_the_directory(model: type[Base], *, plain: str = "", technical: str = "") -> Card:
    """What the directory says of somebody: it serves nothing once they are erased."""
    return card(
        model,
        purpose=Purpose.SIGN_IN,
        basis=Basis.CONTRACT,
        retention=Retention.EMPLOYMENT,
        rows=Rows.DELETED,
        person="employee_id",
        plain=plain,
        technical=technical,
    )


CARDS = [
    set_up(
        DomainClaim,
        "domain token status vouched checked_at finding last_found_at missing_since",
        people="claimed_by_id",
    ),
    set_up(
        ScimToken,
        "name invites last_used_at last_used_ip window_started_at window_requests revoked_at",
        people="created_by_id",
        secret="token_hash",  # noqa: S106
    ),
    set_up(ScimGroup, "display_name external_id synced_at role_id", people="mapped_by_id"),
    _of_the_directory(ScimPerson, plain="external_id synced_at deleted_at"),
    _of_the_directory(ScimGroupMember, technical="group_id"),
    _of_the_directory(ScimRoleGrant, technical="role_id"),
]
