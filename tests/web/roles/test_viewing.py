"""Looking at the portal as a role sees it: read only, on record, never more than one's own, over after a while."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.web.marks import BY_TOKEN
from tests.factories.belongings import give_acme_everything
from tests.web.test_companies_apart import acme_ids, addresses  # noqa: F401

BANNER = "You see the portal as the role"
EXEMPT = {"roles.end_viewing", "sign_in.sign_out"}


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


@pytest.fixture
def look(client, own_roles):
    def start(key: str, place: str = ""):
        answer = client.send(f"roles/{own_roles.id_of(key)}/viewing", {"email": place})
        client._token = None  # forms from before are worth nothing now
        return answer

    return start


def events(as_, cast, action: str) -> list[dict]:
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(
            text("SELECT payload FROM audit.event WHERE action = :action ORDER BY seq"), {"action": action}
        )
        return [json.loads(row) for row in rows]


def test_a_look_shows_what_the_role_sees_with_a_banner_until_one_stops(ana, cast, as_, look, own_roles):
    assert "Add a person" in ana.page("people")
    assert look("planner").status_code == 303
    page = ana.page("people")
    assert f"{BANNER} Planner does" in page and "Add a person" not in page
    assert "Roles</span>" not in page and "Shift templates" in ana.page("rosters")
    denied = ana.get(ana.url("settings"))
    assert denied.status_code == 403 and BANNER in denied.text and "/viewing" in denied.text
    assert ana.send("viewing/end").headers["Location"].endswith(str(own_roles.id_of("planner")))
    page = ana.page("people")
    assert BANNER not in page and "Add a person" in page
    (started,), (ended,) = events(as_, cast, "viewing.started"), events(as_, cast, "viewing.ended")
    assert started["facts"]["role"] == "Planner" and started["email"] == cast.ana.email
    assert ended["facts"]["by_itself"] is False
    (noted,) = events(as_, cast, "access.denied")
    assert noted["facts"]["viewing_as"] == "Planner"


def for_machines(app, rule):
    """Opened by a token alone: no cookie is looked at, so nobody looks around there as a role."""
    return app.view_functions[rule.endpoint].access_mark is BY_TOKEN


#: The address of a calendar is looked up by using it, whoever is signed in beside it.
OF_THE_BROWSER = ("UPDATE sign_in_session", "UPDATE sso_transaction", "UPDATE feed SET last_used_at")


def test_every_page_carries_the_banner_and_no_page_writes(app, ana, cast, look, acme_ids, statements):  # noqa: F811
    """Pages that open something for the first time say that nothing can be changed."""
    look("hr")
    seen = 0
    for rule, address in addresses(app, "GET", acme_ids, "acme"):
        if for_machines(app, rule):
            continue
        ana.get(ana.url(""))
        statements.clear()
        answer = ana.get(address)
        written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        # What the browser does by itself goes on: its session lives, and a trip to a provider ends.
        assert not [one for one in written if not one.startswith(OF_THE_BROWSER)], address
        if "text/html" in (answer.content_type or "") and answer.status_code != 303:
            assert BANNER in answer.text, f"{rule.endpoint}: {answer.status_code}"
            seen += 1
    assert seen > 25


def test_every_change_is_refused_with_a_clear_page(app, ana, cast, look, acme_ids, statements):  # noqa: F811
    """T117 in kind: whatever the role may, a look changes nothing."""
    look("hr")
    token = ana.form_token()
    for rule, address in addresses(app, "POST", acme_ids, "acme"):
        if rule.endpoint in EXEMPT or for_machines(app, rule):
            continue
        statements.clear()
        answer = ana.post(address, data={"csrf_token": token})
        assert answer.status_code == 403, f"{rule.endpoint}: {answer.status_code}"
        assert "Nothing was changed" in answer.text and "Stop looking" in answer.text
        assert not [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))], address
    assert (
        ana.post(ana.url("people"), data={"csrf_token": token}, headers={"HX-Request": "true"}).status_code
        == 403
    )


def test_a_document_is_not_opened_by_somebody_who_only_looks(client, cast, as_, look, own_roles, acme_ids):  # noqa: F811
    """The second lock: a page that is fetched and would write a row is refused, and the row stays as it was."""
    own_roles.give(cast.eve, own_roles.id_of("admin"))
    client.sign_in(cast.eve)
    look("employee")
    path = f"documents/received/{acme_ids['recipient_id']}/file"
    answer = client.get(client.url(path))
    assert answer.status_code == 403 and "Nothing was changed" in answer.text
    client.send("viewing/end")
    assert client.get(client.url(path)).status_code == 200


def test_a_look_is_over_after_half_an_hour(ana, cast, as_, clock, look):
    """What is shown is one's own again, and a form from before does nothing."""
    look("employee")
    token = ana.form_token()
    clock.advance(timedelta(minutes=29))
    assert BANNER in ana.page("people")
    clock.advance(timedelta(minutes=2))
    late = ana.post(ana.url("people"), data={"csrf_token": token, "first_name": "X"})
    assert late.status_code == 403 and "was over" in late.text
    page = ana.page("people")
    assert BANNER not in page and "Add a person" in page
    assert events(as_, cast, "viewing.ended")[0]["facts"]["by_itself"] is True
    assert ana.post(ana.url("people"), data={"csrf_token": token}).status_code == 403


def test_a_page_fetched_after_the_end_says_so_once(ana, clock, look):
    look("employee")
    clock.advance(timedelta(minutes=20))
    assert BANNER in ana.page("people")
    clock.advance(timedelta(minutes=11))
    page = ana.page("people")
    assert "You are yourself again" in page and BANNER not in page and "Add a person" in page
    assert "You are yourself again" not in ana.page("people")


def test_forms_from_before_and_during_a_look_are_worthless_after(ana, look, cast):
    """A page that was open in another tab does not do for real what it offered to a look, nor the other way."""
    before = ana.form_token()
    look("hr")
    during = ana.form_token()
    assert ana.post(ana.url("viewing/end"), data={"csrf_token": before}).status_code == 403
    assert ana.send("viewing/end").status_code == 303
    for token in (before, during):
        answer = ana.post(ana.url("people"), data={"csrf_token": token})
        assert answer.status_code == 403 and "form was open too long" in answer.text


def test_a_look_ends_with_the_session(client, cast, look):
    client.sign_in(cast.ana)
    look("employee")
    assert client.send("sign-out").status_code == 303
    client.sign_in(cast.ana)
    assert BANNER not in client.page("people")


def test_another_browser_of_the_same_person_sees_nothing_of_it(client, app, cast, look):
    client.sign_in(cast.ana)
    other = app.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.ana)
    look("employee")
    assert BANNER not in other.page("people")


def test_nothing_is_shown_that_the_viewer_may_not_see(client, cast, as_, look, own_roles):
    """T90: Mats, admin without HR, learns no reason and no record by looking as HR."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    own_roles.give(cast.mats, own_roles.id_of("admin"))
    own_roles.take(cast.mats, own_roles.id_of("manager"))
    client.sign_in(cast.mats)
    asked = client.page(f"roles/{own_roles.id_of('hr')}/viewing")
    assert "Not shown to you" in asked and "See the reason of an absence" in asked
    look("hr")
    assert BANNER in client.page("people")
    assert "Nothing waits for you" in client.page("absences/approvals")
    assert client.get(client.url("people/new")).status_code == 403
    assert "Employment" not in client.page(f"people/{cast.otto.employee_id}")


def test_team_and_site_can_be_another_persons_while_own_pages_stay_own(client, cast, look, as_):
    """Mats leads Eve; Ana sees her request from his place, and her own profile, not his."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    client.sign_in(cast.ana)
    look("manager")
    assert cast.eve.name not in client.page("absences/approvals")
    client.send("viewing/end")
    client._token = None
    look("manager", cast.mats.email)
    page = client.page("absences/approvals")
    assert f"from the place of {cast.mats.name}" in page and cast.eve.name in page
    assert cast.ana.email in client.page("profile")
    assert cast.mats.email not in client.page("profile")


def test_from_elsewhere_a_team_opens_only_to_who_sees_the_whole_company(client, cast, as_, look, own_roles):
    """Mats, manager and admin, may see his own team's requests, not those of another team by looking from there."""
    own_roles.give(cast.otto, own_roles.id_of("manager"))
    own_roles.give(cast.otto, own_roles.id_of("admin"))
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    client.sign_in(cast.otto)
    look("manager", cast.mats.email)
    answer = client.get(client.url("absences/approvals"))
    assert answer.status_code == 403 or cast.eve.name not in answer.text


@pytest.mark.parametrize("place", ["nobody@acme.example", "zoe@beta.example"])
def test_a_place_must_be_somebody_who_works_here(ana, look, place):
    """T99: Beta's Zoe is as unknown as nobody."""
    answer = look("manager", place)
    assert answer.status_code == 422 and "Nobody who works here" in answer.text
    assert BANNER not in ana.page("people")


def test_who_loses_the_right_to_look_is_themselves_at_the_next_click(client, cast, look, own_roles):
    """T97."""
    own_roles.give(cast.mats, own_roles.id_of("admin"))
    client.sign_in(cast.mats)
    look("planner")
    assert BANNER in client.page("people")
    own_roles.take(cast.mats, own_roles.id_of("admin"))
    assert BANNER not in client.page("people")


def test_a_role_that_is_deleted_takes_its_looks_along(client, app, cast, own_roles):
    role_id = own_roles.make("Front desk", directory_view="company")
    client.sign_in(cast.ana).send(f"roles/{role_id}/viewing")
    other = app.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.ana)
    assert other.send(f"roles/{role_id}/deletion", {"version": 1, "move_to": ""}).status_code == 303
    assert BANNER not in client.page("people")


def test_a_look_cannot_be_started_from_within_a_look(ana, look):
    look("admin")
    assert look("hr").status_code == 403


@pytest.mark.parametrize("who", ["mats", "eve", "pia"])
def test_others_do_not_look(client, cast, look, who):
    client.sign_in(cast.people[who])
    assert look("employee").status_code == 403
    assert BANNER not in client.page("people")


def test_a_look_costs_no_statement(ana, look, statements):
    """Pages of the role and of everybody: as many statements as without, in the same place."""

    def cost() -> int:
        ana.page("people")
        statements.clear()
        ana.page("people")
        return len(statements)

    before = cost()
    look("employee")
    assert cost() == before


def test_the_page_without_javascript_that_stops(ana, look):
    look("employee")
    assert "Stop looking" in ana.page("viewing")
    ana.send("viewing/end")
    assert ana.get(ana.url("viewing")).status_code == 303
    ana._token = None
    assert ana.send("viewing/end").status_code == 303


def test_a_role_with_every_permission_is_still_read_only(ana, look):
    look("admin")
    answer = ana.send("settings", {"name": "Taken"})
    assert answer.status_code == 403 and "Nothing was changed" in answer.text
