"""Changing many people from the directory: ticked or found, shown first, done after a yes, taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.models import Employment, Role, RoleGrant
from tests.factories.people import manager_of
from tests.fixtures.cast import SENTINEL
from tests.fixtures.portal import NOW
from tests.web.people.test_chart import add_people

NEW = "people/changes/new"


def digest_in(page: str) -> str:
    return re.search(r'name="digest" value="([0-9a-f]+)"', page)[1]


def ticked(*members) -> dict[str, object]:
    return {"person": [str(one.employee_id) for one in members]}


def preview(client, kind: str, given: dict[str, object], status: int = 200) -> str:
    answer = client.send("people/change-previews", {"kind": kind, **given})
    assert answer.status_code == status, answer.text
    return answer.text


def order(client, kind: str, given: dict[str, object], *, sensitive: bool = False, **more: str):
    digest = digest_in(preview(client, kind, given))
    path = "people/sensitive-changes" if sensitive else "people/changes"
    return client.send(path, {"kind": kind, "digest": digest, **given, **more})


def minutes_of(as_, cast, member) -> list[int]:
    with as_(cast.ana) as uow:
        return list(
            uow.session.scalars(
                select(Employment.weekly_minutes)
                .where(Employment.employee_id == member.employee_id)
                .order_by(Employment.start_date)
            )
        )


@pytest.fixture
def day(as_, cast) -> str:
    with as_(cast.ana) as uow:
        return uow.today().isoformat()


def test_hr_ticks_people_sees_what_would_change_says_yes_and_takes_it_back(client, cast, as_, day):
    client.sign_in(cast.ana)
    page = client.page("people")
    assert f'value="{cast.eve.employee_id}" form="many"' in page and "Change the weekly hours" in page
    chosen = ticked(cast.eve, cast.mats)
    form = client.page(f"{NEW}?kind=hours&person={cast.eve.employee_id}&person={cast.mats.employee_id}")
    assert "2 people are chosen" in form and form.count('name="person"') == 2
    given = {**chosen, "weekly_hours": "20", "from_day": day}
    shown = preview(client, "hours", given)
    assert "40:00" in shown and "20:00" in shown and "Change 2 people" in shown
    assert minutes_of(as_, cast, cast.eve) == [2400], "nothing happens before the yes"
    answer = order(client, "hours", given)
    assert answer.status_code == 303
    assert minutes_of(as_, cast, cast.eve)[-1] == 1200
    place = answer.headers["Location"]
    done = client.page(place)
    assert "2 people were changed" in done and "Undo it" in done
    assert "Change the weekly hours" in client.page("people/changes")
    assert client.send(f"{place}/undoing").status_code == 303
    assert minutes_of(as_, cast, cast.eve) == [2400]
    assert "Undone" in client.page(place)


def test_everybody_who_matches_is_chosen_without_a_list_of_ids(client, cast, as_, day):
    with as_(cast.ana) as uow:
        add_people(uow, 250)
    client.sign_in(cast.ana)
    form = client.page(f"{NEW}?kind=hours&everybody=yes&search=c250x")
    assert "250 people are chosen" in form and 'name="person"' not in form
    given = {"everybody": "yes", "search": "c250x", "weekly_hours": "20", "from_day": day}
    shown = preview(client, "hours", given)
    assert shown.count("→") == 100 and "Page 1 of 3" in shown, "a page at a time"
    second = preview(client, "hours", {**given, "page": "2"})
    assert "Page 2 of 3" in second and digest_in(second) == digest_in(shown)
    answer = order(client, "hours", given)
    page = client.page(answer.headers["Location"])
    assert "0 of 250 people" in page and 'hx-trigger="every 2s"' in page and "Look again" in page


def test_what_cannot_be_done_is_said_beside_each_name_and_the_rest_only_on_demand(client, cast, as_):
    client.sign_in(cast.ana)
    given = {
        **ticked(cast.mats, cast.otto),
        "manager_email": cast.eve.email,
        "from_day": NOW.date().isoformat(),
    }
    shown = preview(client, "manager", given)
    assert "They would be their own manager" in shown and "Change only the 1 who can be" in shown
    answer = order(client, "manager", given, only_possible="no")
    assert answer.status_code == 409 and "nothing was done" in answer.text
    assert order(client, "manager", given, only_possible="yes").status_code == 303
    with as_(cast.ana) as uow:
        managers = {one: manager_of(uow, one) for one in (cast.otto.employee_id, cast.mats.employee_id)}
    assert managers[cast.otto.employee_id] == cast.eve.employee_id
    assert managers[cast.mats.employee_id] != cast.eve.employee_id


def test_the_form_says_what_is_missing_or_impossible(client, cast, as_):
    client.sign_in(cast.ana)
    one = ticked(cast.eve)
    with as_(cast.ana) as uow:
        yesterday = (uow.today() - timedelta(days=1)).isoformat()
    assert "Please fill this in" in preview(client, "hours", {**one, "weekly_hours": ""}, 422)
    bad = preview(client, "hours", {**one, "weekly_hours": "20", "from_day": yesterday}, 422)
    assert "from today on" in bad and f'value="{cast.eve.employee_id}"' in bad, "the choice is kept"
    assert "Check the spelling" in preview(
        client,
        "manager",
        {**one, "from_day": NOW.date().isoformat(), "manager_email": "no@body.example"},
        422,
    )
    assert "at least one day" in preview(client, "pattern", {**one, "from_day": yesterday}, 422)
    assert "from today on" in preview(client, "leave", {**one, "last_day": yesterday}, 422)


def test_without_anybody_or_a_kind_one_is_back_at_the_people(client, cast):
    client.sign_in(cast.ana)
    for query in ("kind=hours", "person=nonsense&kind=hours", f"person={cast.eve.employee_id}&kind=nonsense"):
        assert client.get(client.url(f"{NEW}?{query}")).headers["Location"].endswith("/c/acme/people")
    assert client.send("people/change-previews", {"kind": "nonsense"}).status_code == 422


def test_roles_and_leaving_ask_for_a_fresh_proof(client, cast, as_, clock):
    """ASVS 7.5.1: the page asks first; the yes and the way back ask too."""
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        planner = str(uow.session.scalars(select(Role.id).where(Role.key == "planner")).one())
    given = {**ticked(cast.eve), "role_id": planner}
    asked = client.get(client.url(f"{NEW}?kind=give-role&person={cast.eve.employee_id}"))
    assert "/people/changes/new-sensitive?" in asked.headers["Location"]
    assert client.send("people/changes", {"kind": "give-role", "digest": "x", **given}).status_code == 403
    clock.advance(timedelta(minutes=5, seconds=1))
    assert "/sign-in/" in client.get(asked.headers["Location"]).headers["Location"]
    answer = order(client, "give-role", given, sensitive=True)
    assert "/sign-in/password-again" in answer.headers["Location"]
    with as_(cast.ana) as uow:
        held = select(RoleGrant.id).where(
            RoleGrant.employee_id == cast.eve.employee_id, RoleGrant.role_id == planner
        )
        assert uow.session.scalar(held) is None


def test_the_last_admin_cannot_be_ticked_away(client, cast, as_):
    """T91."""
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        admin = str(uow.session.scalars(select(Role.id).where(Role.key == "admin")).one())
    shown = preview(client, "take-role", {**ticked(cast.ana), "role_id": admin})
    assert "no admin left" in shown and "nobody to change" in shown


@pytest.mark.parametrize("who", ["eve", "mats", "pia", "otto"])
def test_whoever_may_change_nobody_is_offered_and_given_nothing(client, cast, who, day):
    """P7: without boxes there is nothing to tick, and a forged form is refused."""
    client.sign_in(cast.people[who])
    assert 'form="many"' not in client.page("people")
    given = {**ticked(cast.eve, cast.otto), "weekly_hours": "20", "from_day": day}
    for path in ("people/change-previews", "people/changes", "people/sensitive-changes"):
        answer = client.send(path, {"kind": "hours", "digest": "x", **given})
        assert answer.status_code == 403, path


def test_a_change_is_nobody_elses_business(client, cast, app, day):
    """T99: not that of people without the right, not another company's."""
    client.sign_in(cast.ana)
    place = order(client, "hours", {**ticked(cast.eve), "weekly_hours": "20", "from_day": day}).headers[
        "Location"
    ]
    other = app.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.eve)
    assert other.get(place).status_code == 404
    other.sign_in(cast.zoe)
    answer = other.get(place.replace("/acme/", "/beta/"))
    assert answer.status_code == 404 and SENTINEL not in answer.text
    assert SENTINEL not in other.get(place).text


def test_those_who_are_ticked_are_exported(client, cast):
    client.sign_in(cast.ana)
    query = f"kind=export&person={cast.eve.employee_id}"
    page = client.page(client.get(client.url(f"{NEW}?{query}")).headers["Location"])
    assert "1 person is chosen" in page
    answer = client.send("people/exports", {"kind": "csv", "columns": ["email"], **ticked(cast.eve)})
    assert cast.eve.email in answer.text and cast.mats.email not in answer.text
    beta = client.send("people/exports", {"kind": "csv", "columns": ["email"], **ticked(cast.zoe)})
    assert cast.zoe.email not in beta.text and cast.eve.email not in beta.text


def test_an_invitation_is_shown_and_sent(client, cast, as_):
    with as_(cast.ana) as uow:
        add_people(uow, 2)
    client.sign_in(cast.ana)
    given = {"everybody": "yes", "search": "c2x"}
    assert preview(client, "invite", given).count("Gets an invitation") == 2
    page = client.page(order(client, "invite", given).headers["Location"])
    assert "2 people were invited" in page and "Undo it" not in page


def test_pages_of_many_cost_the_same_for_any_number(client, cast, as_, statements, day):
    counts = []
    for number in (5, 300):
        with as_(cast.ana) as uow:
            add_people(uow, number)
        client.sign_in(cast.ana)
        given = {"everybody": "yes", "search": f"c{number}x", "weekly_hours": "20", "from_day": day}
        preview(client, "hours", given)
        statements.clear()
        preview(client, "hours", given)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10, statements
