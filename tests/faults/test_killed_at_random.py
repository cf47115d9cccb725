"""Web, worker and database are killed while people work: a few of the rounds that `scripts.faults` has by hundreds."""

from __future__ import annotations

from scripts.faults import rounds


def test_nothing_is_lost_and_nothing_is_done_twice():
    """T146, T147, T150: each part once, at a moment of its own; what was answered with yes is there, once."""
    said: list[str] = []
    result = rounds.run(3, seed=7, say=said.append)
    assert not result.wrong, said
    assert set(result.killed) == {"web", "worker", "database"}
    assert result.asked > 0 and result.withdrawn > 0
