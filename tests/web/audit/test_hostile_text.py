"""What people type reaches the log as it was typed, and its reader as harmless text (T122, P15)."""

from __future__ import annotations

import pytest

from portal.domain.audit_actions import Action
from portal.models import Employee
from portal.services import audit

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "javascript:alert(1)",
    "</bdi></td></tr></table>",
)


@pytest.fixture
def told(client, cast, as_):
    """Writes the text wherever an event can hold one, and reads the page."""

    def write(typed: str) -> str:
        with as_(cast.ana) as uow:
            eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
            eve.job_title = typed.replace("\x00", "") or None
            eve.last_name = typed.replace("\x00", "")
            uow.actor = type(uow.actor)(cast.ana.employee_id, typed, f"{typed}@acme.example", "en", "UTC")
            facts = {
                "path": typed,
                "file": typed,
                "reason": typed,
                "years": [typed],
                "team": [typed, typed],
                typed: typed,
            }
            audit.record(uow, Action.EMPLOYEE_CHANGED, subject=eve, **facts)
        return client.sign_in(cast.ana).page("audit")

    return write


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_stays_text(told, typed):
    """T122: the client checks that the page is valid; nothing of the text became an element or a link."""
    page = told(typed)
    assert "<img src=x" not in page and "<script>alert" not in page
    assert 'href="javascript' not in page
    if typed == "{{7*7}}":
        assert typed in page and "49@acme" not in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Nurse\r\n2026-01-01 forged", "Nurse⟨CR⟩⟨LF⟩2026-01-01 forged"),
        ("tab\there", "tab⟨TAB⟩here"),
        ("bell\x07and\x1b[31m", "bell⟨U+0007⟩and⟨U+001B⟩[31m"),
        ("\u202eesrever", "⟨U+202E⟩esrever"),
        ("line\u2028separator", "line⟨U+2028⟩separator"),
        ("next\x85line", "next⟨U+0085⟩line"),
    ],
)
def test_control_characters_are_seen_for_what_they_are(told, typed, shown):
    """P15: a forged line is one line; a turned direction turns nothing."""
    page = told(typed)
    assert page.count(shown) >= 5
    assert typed not in page


def test_a_nul_in_a_fact_hinders_neither_writing_nor_reading(told):
    """The database reads the payload as JSON, which knows no NUL in its text."""
    assert "a⟨U+0000⟩b" in told("a\x00b")


def test_a_very_long_text_is_cut(told):
    page = told("x" * 5000)
    assert "x" * 600 + "…" in page and "x" * 700 not in page


def test_text_that_looks_like_a_date_or_a_mark_is_left_as_it_was_typed(told):
    """Only columns that hold dates are written as dates, and only sealed ones hide what they hold."""
    assert "<ins>2026-01-02</ins>" in told("2026-01-02")
    assert "<ins>changed</ins>" in told("changed")
