"""The report of an incident on paper, for a company's own file and its authority: plain values, already in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.renderer import render_pdf
from portal.integrations.pdf.roster import embedded_fonts, environment


@dataclass(frozen=True)
class IncidentSheet:
    """What it says, from top to bottom. `people` is None for whoever may not read who it was."""

    language: str
    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    report_title: str
    report: Sequence[str]
    people_title: str
    people_heading: Sequence[str]
    people: Sequence[Sequence[str]]
    foot: str


def render_incident(sheet: IncidentSheet) -> bytes:
    """As many pages as it takes, tagged for readers of the screen."""
    html = environment().get_template("incident.html").render(sheet=sheet, one_line=one_line)
    css = environment().get_template("certificate.css").render()
    return render_pdf(html, css, embedded_fonts(), tagged=True)
