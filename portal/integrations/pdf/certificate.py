"""A certificate of erasure on paper: plain values, every text already in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.renderer import render_pdf
from portal.integrations.pdf.roster import embedded_fonts, environment


@dataclass(frozen=True)
class CertificateSheet:
    """What it says, from top to bottom."""

    language: str
    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    done_heading: tuple[str, str, str]
    done: Sequence[tuple[str, str, str]]
    later_title: str
    later_heading: tuple[str, str]
    later: Sequence[tuple[str, str]]
    foot: str
    sha256: str


def render_certificate(sheet: CertificateSheet) -> bytes:
    """One or two pages, tagged for readers of the screen."""
    html = environment().get_template("certificate.html").render(sheet=sheet, one_line=one_line)
    css = environment().get_template("certificate.css").render()
    return render_pdf(html, css, embedded_fonts(), tagged=True)
