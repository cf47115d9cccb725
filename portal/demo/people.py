"""Founds a demo company as an operator would, and takes its people in from the file beside this module."""

from __future__ import annotations

from portal.demo.companies import PASSWORD, DemoCompany
from portal.demo.story import Story
from portal.services import companies, first_person, passwords, people_import

FOUNDED_DAYS_AGO = 400


def found(story: Story, demo: DemoCompany) -> None:
    """The company, its people, and a password for each of the cast."""
    uow = story.as_operator(days_ago=FOUNDED_DAYS_AGO)
    companies.found(uow)
    companies.verify_domain(uow, demo.domain)
    first_name, last_name = demo.founder
    email = demo.players[0].email
    first_person.take_in(uow, email=email, first_name=first_name, last_name=last_name)
    people_import.carry_out(uow, demo.people_file.read_bytes())
    story.meet()
    for player in demo.players:
        employee = story.person(player.email)
        uow = story.as_(employee, days_ago=FOUNDED_DAYS_AGO - 1)
        passwords.replace(uow, employee, passwords.acceptable(uow, employee, PASSWORD))
