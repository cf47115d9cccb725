"""Second factors: which there are, who is asked for one, which may go, and how long a proof counts as fresh.

Sources: OWASP ASVS 5.0 6.3.3, 6.6.1, 7.5.1-7.5.3; NIST SP 800-63B-4 3.2.2 (at most a hundred failures in a row).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

#: A sensitive step asks for a proof that is not older than this.
FRESH_FOR = timedelta(minutes=5)


class Policy(StrEnum):
    """Whom a company asks for a second factor. What people set up by themselves is asked for under each."""

    OFF = "off"
    NAMED_ROLES = "named-roles"
    EVERYONE = "everyone"


class Factor(StrEnum):
    """A way of proving oneself beside the password, the strongest first: in this order they are offered."""

    PASSKEY = "passkey"
    AUTHENTICATOR = "authenticator"
    SMS = "sms"
    #: Stands in for a lost one; nobody has recovery codes alone.
    RECOVERY_CODE = "recovery-code"


def is_asked(policy: Policy, *, by_role: bool) -> bool:
    """Does the company ask this person for a second factor? `by_role`: a role of theirs is named in the policy."""
    return policy is Policy.EVERYONE or (policy is Policy.NAMED_ROLES and by_role)


def counted(bound: Collection[Factor], *, asked: bool) -> set[Factor]:
    """Those that stand between a password and the portal.

    A number counts only where the company asks for a second factor: messages cost it money, and whoever sets
    up something by themselves sets up something stronger.
    """
    return {one for one in bound if one is not Factor.RECOVERY_CODE and (asked or one is not Factor.SMS)}


def may_remove(left: Collection[Factor], *, asked: bool) -> bool:
    """May a factor go when these are left? The last one stays while the company asks for one."""
    return not asked or bool(counted(left, asked=asked))


def is_fresh(proven_at: datetime | None, now: datetime) -> bool:
    """Did the person prove themselves so lately that a sensitive step needs no further proof?"""
    return proven_at is not None and now - proven_at <= FRESH_FOR
