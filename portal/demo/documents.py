"""Two documents of the house, made into real PDFs and handed out; some people have confirmed them."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

from portal.demo.companies import HERE, DemoCompany
from portal.demo.story import Story
from portal.integrations.pdf.renderer import render_pdf
from portal.services import confirmations, distributions, documents

#: File, title, how many days ago it was handed out, days until it is due, who gets it, every n-th has confirmed.
_PAPERS = (
    ("house-rules", "House rules", 30, 45, False, 2),
    ("fire-safety-instruction", "Fire safety instruction", 6, 20, True, 3),
)
_STYLE = (HERE / "papers" / "paper.css").read_text("utf-8")


def tell(story: Story, demo: DemoCompany) -> None:
    """HR adds and hands out both, and part of the people confirm."""
    hr = story.person(demo.players[0].email)
    for name, title, days_ago, days_left, for_team, every in _PAPERS:
        html = (HERE / "papers" / f"{name}.html").read_text("utf-8").replace("{company}", demo.name)
        uow = story.as_(hr, days_ago=days_ago, at=time(10))
        document_id, distribution_id = uuid4(), uuid4()
        documents.add(
            uow,
            document_id=document_id,
            title=title,
            description="",
            file_name=f"{name}.pdf",
            content=render_pdf(html, _STYLE, {}),
        )
        uow.session.flush()
        teams = {team.name: team.id for team in distributions.team_choices(uow)}
        distributions.distribute(
            uow,
            document_id,
            distribution_id=distribution_id,
            team_id=teams[demo.shift_team] if for_team else None,
            due_date=story.today + timedelta(days=days_left - days_ago),
        )
        _confirm(story, demo, title, every, days_ago=days_ago - 2)


def _confirm(story: Story, demo: DemoCompany, title: str, every: int, *, days_ago: int) -> None:
    """The cast leaves its own for the visitor to confirm."""
    cast = {player.email for player in demo.players}
    for employee in story.everybody[::every]:
        if employee.email in cast:
            continue
        uow = story.as_(employee, days_ago=days_ago, at=time(14))
        received = next((one for one in confirmations.list_mine(uow) if one.title == title), None)
        if received is None:
            continue
        confirmations.open_mine(uow, received.recipient_id)
        statement = f"I have read version {received.number} of “{title}” and understood it."
        confirmations.confirm(uow, received.recipient_id, statement=statement, language="en")
