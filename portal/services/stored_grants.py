"""Grants as rows keep them, `permission=reach`, read back into what the rules compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import FunctionFilter, func

from portal.domain.permissions import Grants, Permission, Reach, combine
from portal.models.role import RolePermission

_KNOWN = {permission.value for permission in Permission}


def as_array() -> FunctionFilter[Sequence[str]]:
    """`permission=reach` of the joined rows, as one array; None when there are none."""
    pairs = func.array_agg(RolePermission.permission + "=" + RolePermission.reach)
    return pairs.filter(RolePermission.permission.is_not(None))


def read(pairs: Sequence[str] | None) -> Grants:
    """What the pairs allow together. An unknown permission grants nothing."""
    return _combined(tuple(pairs or ()))


@lru_cache(maxsize=512)
def _combined(pairs: tuple[str, ...]) -> Mapping[Permission, Reach]:
    """Most people of a company share the same few sets of roles."""
    split = (pair.split("=", 1) for pair in pairs)
    return MappingProxyType(
        combine(*({Permission(name): Reach(reach)} for name, reach in split if name in _KNOWN))
    )
