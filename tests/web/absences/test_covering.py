"""Who covers: named with the request, told, answering without a veto, shown to whoever decides, warned of, reminded."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import SubstituteAnswer, SubstituteRule
from portal.models import Absence, AbsenceSubstitute, OutboxMessage
from portal.services import absence_types, absences, leaving
from portal.services.absence_wishes import Wish
from portal.services.sickness import changing, reporting
from portal.services.substitutes import answering, naming, watching
from tests.factories.absences import ask, grant, sickness_type, vacation

MONDAY, WEDNESDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 7)


@pytest.fixture
def granted(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, *(one.employee_id for one in (cast.eve, cast.pia, cast.mats)))


@pytest.fixture
def covered(as_, cast, granted):
    """Eve waits for Monday to Friday, and has named Pia to cover."""
    with as_(cast.eve) as uow:
        return ask(uow, MONDAY, FRIDAY, substitutes=(cast.pia.email,), cover_note="Keys: top drawer").id


def letters(uow, member, template="cover"):
    query = select(OutboxMessage).where(
        OutboxMessage.template == template, OutboxMessage.employee_id == member.employee_id
    )
    return len(uow.session.scalars(query).all())


def row_of(uow, absence_id):
    query = select(AbsenceSubstitute).where(AbsenceSubstitute.absence_id == absence_id)
    return uow.session.scalars(query).one()


def refusal_of(call, *arguments, **named):
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason, refused.value.field


def form_of(kind, cast, **more):
    return {
        "key": str(uuid4()),
        "absence_type_id": str(kind),
        "start_date": "2026-08-03",
        "end_date": "2026-08-07",
        "first_part": "full",
        "last_part": "full",
        "note": "",
        **more,
    }


def test_the_form_names_somebody_who_is_told_and_answers(client, as_, cast, granted):
    client.sign_in(cast.eve)
    with as_(cast.eve) as uow:
        kind = vacation(uow).id
    page = client.page("absences/new")
    assert "Who covers for you" in page and cast.pia.email in page
    form = form_of(kind, cast, substitute_1=cast.pia.email, cover_note="Keys: top drawer")
    assert client.send("absences", form).status_code == 303
    with as_(cast.ana) as uow:
        absence_id, substitute_id = uow.session.execute(
            select(AbsenceSubstitute.absence_id, AbsenceSubstitute.id)
        ).one()
        assert letters(uow, cast.pia) == 1
    client.sign_in(cast.pia)
    home = client.page("")
    assert "asked you to cover" in home
    page = client.page("absences/covering")
    assert cast.eve.name in page and "Keys: top drawer" in page and "Vacation" not in page
    assert client.send(f"absences/covering/{substitute_id}/answer", {"answer": "cannot"}).status_code == 303
    assert "You cannot" in client.page("absences/covering")
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()
        assert absence.status is AbsenceStatus.REQUESTED  # information, never a veto
        assert letters(uow, cast.eve, "cover_answered") == 1
    client.sign_in(cast.mats)
    assert f"{cast.pia.name} (cannot)" in client.page("absences/approvals")
    assert "Cannot" in client.page(f"absences/{absence_id}")
    assert client.send(f"absences/{absence_id}/approval", {"version": "1"}).status_code == 303
    assert "Who covers has answered" in client.sign_in(cast.ana).page("audit")


def test_a_wrong_address_is_refused_at_its_field_and_changes_nothing(client, as_, cast, granted):
    client.sign_in(cast.eve)
    with as_(cast.eve) as uow:
        kind = vacation(uow).id
    for address, said in (
        ("nobody@acme.example", "Nobody who works here"),
        (cast.zoe.email, "Nobody who works here"),
        (cast.eve.email, "Nobody covers for themselves"),
    ):
        answer = client.send("absences", form_of(kind, cast, substitute_1=address))
        assert answer.status_code == 422 and said in answer.get_data(as_text=True)
    with as_(cast.ana) as uow:
        assert not uow.session.scalars(select(Absence)).all()


def test_a_type_can_ask_for_it_or_not_want_it(as_, cast, granted):
    with as_(cast.ana) as uow:
        kind = vacation(uow).id
        wanted = TypeRules(yearly_entitlement=25_000, substitutes=SubstituteRule.REQUIRED)
        absence_types.change_rules(uow, kind, wanted, valid_from=uow.today())
    with as_(cast.eve) as uow:
        assert refusal_of(ask, uow, MONDAY) == (Reason.SUBSTITUTE_MISSING, "substitute_1")
        ask(uow, MONDAY, substitutes=(cast.pia.email,))
    with as_(cast.ana) as uow:
        unwanted = TypeRules(yearly_entitlement=25_000, substitutes=SubstituteRule.OFF)
        absence_types.change_rules(uow, kind, unwanted, valid_from=uow.today())
    with as_(cast.eve) as uow:
        refused = refusal_of(ask, uow, FRIDAY, substitutes=(cast.pia.email,))
        assert refused == (Reason.SUBSTITUTE_NOT_ASKED, "substitute_1")
        ask(uow, FRIDAY)


def test_the_preview_and_the_pages_warn_of_a_substitute_who_is_away(client, as_, cast, granted):
    with as_(cast.pia) as uow:
        ask(uow, WEDNESDAY)
    client.sign_in(cast.eve)
    with as_(cast.eve) as uow:
        kind = vacation(uow).id
    named = form_of(kind, cast, substitute_1=cast.pia.email)
    seen = client.send("absences/preview", named).get_data(as_text=True)
    assert f"{cast.pia.name} is to cover, but is away: 5 Aug 2026" in seen
    other_days = named | {"start_date": "2026-08-06"}
    assert "is to cover" not in client.send("absences/preview", other_days).get_data(as_text=True)
    client.send("absences", named)
    client.sign_in(cast.mats)
    assert f"{cast.pia.name} (away then)" in client.page("absences/approvals")


def test_who_covers_hears_of_each_turn(as_, cast, covered):
    with as_(cast.mats) as uow:
        absences.approve(uow, covered, version=1)
        assert letters(uow, cast.pia) == 2
    with as_(cast.eve) as uow:
        answered = row_of(uow, covered)
        absences.give_back(uow, covered, {FRIDAY}, version=2)
        assert letters(uow, cast.pia) == 3
        absences.cancel(uow, covered, version=3)
        assert letters(uow, cast.pia) == 4
    with as_(cast.pia) as uow:
        assert answering.list_covering(uow) == []
        gone = refusal_of(answering.answer, uow, answered.id, SubstituteAnswer.CAN)
        assert gone[0] is Reason.NOT_FOUND


def test_other_days_are_asked_about_anew(client, as_, cast, covered):
    with as_(cast.pia) as uow:
        answering.answer(uow, row_of(uow, covered).id, SubstituteAnswer.CAN)
    client.sign_in(cast.eve)
    changed = {
        "version": "1",
        "start_date": "2026-08-03",
        "end_date": "2026-08-06",
        "first_part": "full",
        "last_part": "full",
        "note": "",
    }
    assert client.send(f"absences/{covered}/change", changed).status_code == 303
    with as_(cast.ana) as uow:
        assert row_of(uow, covered).answer is SubstituteAnswer.OPEN
        assert letters(uow, cast.pia) == 2


def test_somebody_is_named_and_removed_on_the_page_of_the_absence(client, as_, cast, covered):
    client.sign_in(cast.eve)
    more = {"substitute": cast.otto.email, "cover_note": "Both keys"}
    assert client.send(f"absences/{covered}/substitutes", more).status_code == 303
    page = client.page(f"absences/{covered}")
    assert cast.otto.name in page and "Both keys" in page
    client.send(f"absences/{covered}/substitutes", {"substitute": "nobody@acme.example"})
    assert "Nobody who works here" in client.page(f"absences/{covered}")
    with as_(cast.ana) as uow:
        query = select(AbsenceSubstitute.id).where(AbsenceSubstitute.employee_id == cast.otto.employee_id)
        otto = uow.session.scalars(query).one()
    assert client.send(f"absences/{covered}/substitutes/{otto}/removal", {}).status_code == 303
    assert cast.otto.name not in client.page(f"absences/{covered}")


def test_colleagues_neither_name_nor_answer_for_others(as_, cast, covered):
    with as_(cast.otto) as uow:
        assert refusal_of(naming.name_one, uow, covered, cast.mats.email, "")[0] is Reason.NOT_FOUND
        row = row_of(uow, covered)
        assert refusal_of(naming.remove, uow, covered, row.id)[0] is Reason.NOT_FOUND
        assert refusal_of(answering.answer, uow, row.id, SubstituteAnswer.CAN)[0] is Reason.NOT_FOUND
    with as_(cast.eve) as uow:  # not the owner either
        assert (
            refusal_of(answering.answer, uow, row_of(uow, covered).id, SubstituteAnswer.CAN)[0]
            is Reason.NOT_FOUND
        )


def test_they_are_reminded_once_a_few_days_before(as_, cast, covered, clock):
    with as_(cast.mats) as uow:
        absences.approve(uow, covered, version=1)
        before = letters(uow, cast.pia)
    for day, sent in ((30, 0), (31, 1), (31, 1)):
        clock.move_to(clock.now().replace(month=7, day=day))
        with as_(cast.ana) as uow:
            watching.remind_all(uow)
            assert letters(uow, cast.pia) - before == sent


def test_a_cover_that_falls_away_is_told_at_once(as_, cast, covered, clock):
    """By time off, by sickness and by a last day; not to whoever knows already because the answer was no."""
    with as_(cast.ana) as uow:
        sick = sickness_type(uow)
    with as_(cast.pia) as uow:
        asked = ask(uow, WEDNESDAY).id
        assert letters(uow, cast.eve, "cover_lost") == 0
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
        assert letters(uow, cast.eve, "cover_lost") == 1
    clock.move_to(clock.now().replace(month=8, day=6))
    with as_(cast.pia) as uow:
        reporting.report(uow, uuid4(), Wish(sick, date(2026, 8, 6), date(2026, 8, 6)))
        assert letters(uow, cast.eve, "cover_lost") == 2
    with as_(cast.ana) as uow:
        leaving.lay_ahead(uow, cast.pia.employee_id, date(2026, 8, 6))
        assert letters(uow, cast.eve, "cover_lost") == 3
    with as_(cast.pia) as uow:
        answering.answer(uow, row_of(uow, covered).id, SubstituteAnswer.CANNOT)
        reporting_again = reporting.report(uow, uuid4(), Wish(sick, FRIDAY, FRIDAY)).absence
        changing.undo(uow, reporting_again.id, version=reporting_again.version)
        assert letters(uow, cast.eve, "cover_lost") == 3


def test_both_calendars_show_it(client, as_, cast, covered):
    with as_(cast.mats) as uow:
        absences.approve(uow, covered, version=1)
    client.sign_in(cast.mats)
    assert f"covered by {cast.pia.name}" in client.page("calendar?month=2026-08")
    client.sign_in(cast.pia)
    assert f"for {cast.eve.name}" in client.page("calendar/mine?month=2026-08")
