"""The link of a letter after its reader has decided: what and when, to them alone, and nothing about the request."""

from __future__ import annotations

import pytest

from portal.domain.second_factors import Policy
from portal.models import Absence, Company, Employee
from portal.services import absences
from portal.services.approvals import decision_links
from tests.fixtures.portal import NOW
from tests.web.absences.test_decide_by_link import APPROVE, REJECT, link_of, waiting  # noqa: F401 - fixtures

GONE = "The request was decided or changed, waits for somebody else"


@pytest.mark.parametrize(("answer", "said"), [(APPROVE, "You agreed on"), (REJECT, "You said no on")])
def test_whoever_decided_reads_what_and_when_and_no_more(client, cast, waiting, link_of, answer, said):  # noqa: F811
    link = link_of(cast.mats, waiting)
    assert client.send(link, answer).status_code == 200
    for page in (client.get(link), client.send(link, APPROVE)):
        assert page.status_code == 410 and said in page.text and "You have decided already" in page.text
        assert not any(
            one in page.text for one in (cast.eve.name, "3 Aug 2026", "Sea", "Too many", cast.mats.name)
        )


def test_decided_in_the_portal_it_says_the_same(client, cast, as_, waiting, link_of):  # noqa: F811
    link = link_of(cast.mats, waiting)
    with as_(cast.mats) as uow:
        absences.approve(uow, waiting, version=1)
    assert "You agreed on" in client.get(link).text
    assert "You agreed on" in client.sign_in(cast.mats).get(link).text
    other = client.sign_in(cast.ana).get(link)
    assert (other.status_code, GONE in other.text, "You agreed" in other.text) == (410, True, False)


def test_decided_by_somebody_else_taken_back_changed_or_too_old_it_says_nothing(
    client,
    cast,
    as_,
    waiting,  # noqa: F811
    link_of,  # noqa: F811
):
    link = link_of(cast.mats, waiting)
    with as_(cast.ana) as uow:
        absences.approve(uow, waiting, version=1)
    assert GONE in client.get(link).text
    with as_(cast.ana) as uow:
        row = uow.session.get_one(Absence, (uow.company.id, waiting))
        row.decided_by_id = cast.mats.employee_id
    assert "You agreed on" in client.get(link).text
    forged = link[:-2] + ("AA" if not link.endswith("AA") else "BB")
    assert GONE in client.get(forged).text
    client.staffroom.clock.move_to(NOW + decision_links.LIFETIME)
    assert GONE in client.get(link).text
    client.staffroom.clock.move_to(NOW)
    with as_(cast.ana) as uow:
        uow.session.get_one(Absence, (uow.company.id, waiting)).note = "Mountains"
    assert GONE in client.get(link).text


def test_where_a_letter_is_not_enough_to_decide_it_is_not_enough_to_read(
    client,
    cast,
    as_,
    waiting,  # noqa: F811
    link_of,  # noqa: F811
):
    link = link_of(cast.mats, waiting)
    with as_(cast.mats) as uow:
        absences.approve(uow, waiting, version=1)
    with as_(cast.ana) as uow:
        uow.session.get_one(Company, uow.company.id).second_factor_policy = Policy.EVERYONE
    assert GONE in client.get(link).text


@pytest.mark.parametrize(("chosen", "lang"), [(None, "cs"), ("de", "de")])
def test_every_page_of_the_link_speaks_as_its_reader_does(client, cast, as_, waiting, link_of, chosen, lang):  # noqa: F811
    """Before the answer, after it, and of the used link: their own language, or the one chosen in their browser."""
    with as_(cast.mats) as uow:
        uow.session.get_one(Employee, (uow.company.id, cast.mats.employee_id)).language = "cs"
    link = link_of(cast.mats, waiting)
    if chosen is not None:
        client.set_cookie("language", chosen)
    yes = "Schváleno, děkujeme" if lang == "cs" else "Genehmigt, danke"
    before, after, used = client.get(link), client.send(link, APPROVE), client.get(link)
    assert [page.status_code for page in (before, after, used)] == [200, 200, 410]
    for page in (before, after, used):
        assert f'<html lang="{lang}"' in page.text
    assert yes in after.text and "You agreed" not in used.text
