"""What stands in the place of a type of absence that the reader may not know; pages call it "Away"."""

from __future__ import annotations

from uuid import UUID

from portal.services.balances import TypeFacts

HIDDEN = "hidden"


def hidden(kind: TypeFacts) -> TypeFacts:
    """The type without anything that tells which one it is; its amounts still count as it does."""
    return TypeFacts(UUID(int=0), HIDDEN, "", "–", "grey", kind.counting)
