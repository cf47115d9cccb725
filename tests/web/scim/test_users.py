"""People written by a directory, as Entra and Okta send them."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text

from portal.models import Employee, Employment, Identity, RoleGrant, SignInLink, SignInSession
from portal.services import invitations, licences, sessions
from tests.factories.companies import role_named
from tests.factories.people import identity_of
from tests.factories.provisioning import ENTERPRISE, USER, directory, somebody


@pytest.fixture
def person(as_, cast):
    """The employee with this address, as the database has them."""

    def find(email, member=None):
        with as_(member or cast.ana) as uow:
            return uow.session.scalars(select(Employee).where(Employee.email == email)).one_or_none()

    return find


def events(as_, member):
    with as_(member) as uow:
        rows = uow.session.execute(text("SELECT action, payload FROM audit.event ORDER BY seq"))
        return [(row.action, json.loads(row.payload)) for row in rows]


def test_a_new_person_is_employed_from_today_with_the_role_of_everybody(entra, as_, cast, person):
    made = entra.create("Users", **somebody())
    assert made["meta"]["location"] == f"http://localhost/c/acme/scim/v2/Users/{made['id']}"
    assert (made["userName"], made["active"], made["displayName"]) == ("nina@acme.example", True, "Nina Nová")
    assert made["emails"] == [{"value": "nina@acme.example", "type": "work", "primary": True}]
    nina = person("nina@acme.example")
    assert (nina.first_name, nina.last_name, nina.job_title) == ("Nina", "Nová", "Nurse")
    with as_(cast.ana) as uow:
        grants = uow.session.scalars(select(RoleGrant.role_id).where(RoleGrant.employee_id == nina.id)).all()
        assert grants == [role_named(uow, "employee").id]
        assert uow.session.scalars(select(Employment).where(Employment.employee_id == nina.id)).one()
    assert entra.get(f"Users/{made['id']}") == made


def test_it_is_on_record_who_wrote(entra, as_, cast):
    entra.create("Users", **somebody())
    _, payload = next(one for one in events(as_, cast.ana) if one[0] == "employee.created")
    assert payload["name"] == "SCIM: Entra"
    assert payload["ip"] == "127.0.0.1"


@pytest.mark.parametrize(("invites", "links"), [(True, 1), (False, 0)])
def test_new_people_are_invited_when_the_token_says_so(app, as_, cast, invites, links):
    okta = directory(app, as_, cast.ana, name="Okta", invites=invites)
    made = okta.create("Users", **somebody())
    with as_(cast.ana) as uow:
        query = select(SignInLink).where(text("employee_id = :id")).params(id=made["id"])
        assert len(uow.session.scalars(query).all()) == links


@pytest.mark.parametrize(
    ("values", "attribute"),
    [
        ({"userName": "nina"}, "userName"),
        ({"userName": "nina#EXT#@acme.onmicrosoft.com@x"}, "userName"),
        ({"userName": None}, "userName"),
        ({"name": {"givenName": "", "familyName": ""}, "displayName": ""}, "givenName"),
        ({"name": {"givenName": "x" * 101, "familyName": "y"}}, "givenName"),
        ({"name": {"givenName": "N\u202ena", "familyName": "y"}}, "givenName"),
        ({"title": "x\ny"}, "title"),
        ({"title": "a\0b"}, "zero character"),
        ({"externalId": "x" * 300}, "externalId"),
        ({"active": "perhaps"}, "active"),
        ({"schemas": ["urn:x"]}, "schemas"),
        ({"name": "Nina"}, "name"),
    ],
)
def test_bad_values_are_refused_by_name_and_nothing_is_written(entra, person, values, attribute):
    answer = entra.ask("POST", "Users", {"schemas": [USER], **somebody(), **values})
    body = answer.get_json(force=True)
    assert answer.status_code == 400
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert body["status"] == "400"
    assert attribute in body["detail"]
    assert person("nina@acme.example") is None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"nul", b'{"userName": "\\ud800"}', b"[" * 100_000]
)
def test_what_is_no_json_object_is_a_syntax_error(entra, body):
    answer = entra.ask("POST", "Users", body)
    assert answer.status_code == 400
    assert answer.get_json(force=True)["scimType"] == "invalidSyntax"


def test_another_kind_of_body_is_refused(entra):
    assert (
        entra.ask("POST", "Users", b"x=1", content_type="application/x-www-form-urlencoded").status_code
        == 415
    )
    assert entra.ask("POST", "Users", b" " * (4 * 1024 * 1024 + 1)).status_code == 413


def test_a_known_address_is_a_conflict(entra, cast):
    """RFC 7644, 3.3: uniqueness. The directory looks for the person first, and changes the one it finds."""
    answer = entra.ask("POST", "Users", {"schemas": [USER], **somebody(cast.eve.email)})
    assert (answer.status_code, answer.get_json(force=True)["scimType"]) == (409, "uniqueness")


def test_the_same_address_in_another_company_is_nobodys_business(app, entra, as_, cast, person):
    """T101."""
    entra.create("Users", **somebody("bea@beta.example"))
    assert person("bea@beta.example") is not None
    assert person("bea@beta.example", cast.zoe).id == cast.bea.employee_id


@pytest.mark.parametrize(
    "asked",
    [
        'userName eq "EVE@acme.example"',
        'emails[type eq "work"].value eq "eve@acme.example"',
        'emails.value eq "eve@acme.example"',
        'userName eq "eve@acme.example" and active eq true',
        'USERNAME EQ "eve@acme.example"',
    ],
)
def test_directories_find_people_by_address(entra, cast, asked):
    found = entra.get("Users", query_string={"filter": asked})
    assert (found["totalResults"], found["itemsPerPage"]) == (1, 1)
    assert found["Resources"][0]["id"] == str(cast.eve.employee_id)


def test_they_find_people_by_their_own_id_letter_by_letter(entra):
    entra.create("Users", **somebody(externalId="AbC"))
    assert entra.get("Users", query_string={"filter": 'externalId eq "AbC"'})["totalResults"] == 1
    assert entra.get("Users", query_string={"filter": 'externalId eq "abc"'})["totalResults"] == 0


def test_nobody_found_is_an_empty_list(entra):
    found = entra.get("Users", query_string={"filter": 'userName eq "x@acme.example"'})
    assert (found["totalResults"], found["Resources"]) == (0, [])


@pytest.mark.parametrize(
    "asked",
    ['userName co "e"', 'userName eq "a" or userName eq "b"', "((", 'password eq "x"', "userName", 'title eq "\\u0000"',
     'userName eq "\\u0000"', 'userName eq "\\ud800"', "x" * 2000, "' OR 1=1 --"],
)  # fmt: skip
def test_other_filters_are_refused_and_never_ignored(entra, asked):
    answer = entra.ask("GET", "Users", query_string={"filter": asked})
    assert (answer.status_code, answer.get_json(force=True)["scimType"]) == (400, "invalidFilter")


def test_lists_come_in_pages(entra):
    everybody = entra.get("Users")
    assert everybody["totalResults"] == 5
    seen = []
    for start in (1, 3, 5, 7):
        page = entra.get("Users", query_string={"startIndex": start, "count": 2})
        assert page["totalResults"] == 5
        seen += [one["id"] for one in page["Resources"]]
    assert seen == [one["id"] for one in everybody["Resources"]]
    assert entra.get("Users", query_string={"count": 0})["Resources"] == []
    assert entra.get("Users", query_string={"startIndex": -5, "count": 100000})["itemsPerPage"] == 5
    assert entra.ask("GET", "Users", query_string={"count": "many"}).status_code == 400


def test_a_page_is_few_statements(entra, statements):
    entra.get("Users")
    statements.clear()
    entra.get("Users")
    assert len(statements) <= 6


def test_only_the_attributes_asked_for(entra, cast):
    one = entra.get(f"Users/{cast.eve.employee_id}", query_string={"attributes": "userName"})
    assert set(one) == {"schemas", "id", "userName"}
    rest = entra.get(f"Users/{cast.eve.employee_id}", query_string={"excludedAttributes": "emails,name"})
    assert "userName" in rest
    assert not {"emails", "name"} & set(rest)


PATCHES = {
    "Entra: Replace with a path, a boolean as text": [{"op": "Replace", "path": "active", "value": "False"}],
    "Entra: Replace with a boolean": [{"op": "Replace", "path": "active", "value": False}],
    "Okta: replace without a path": [{"op": "replace", "value": {"active": False}}],
    "whole path": [{"op": "replace", "path": f"{USER}:active", "value": False}],
}


@pytest.mark.parametrize("operations", PATCHES.values(), ids=PATCHES.keys())
def test_a_leaver_is_out_within_the_request(entra, app, as_, cast, client, person, operations):
    """P4: sessions, links and half-open sign-ins are dead when the directory has its answer."""
    client.sign_in(cast.eve)
    assert client.get("/c/acme/absences").status_code == 200
    with as_(cast.ana) as uow:
        invitations.invite_employee(uow, cast.eve.employee_id)
        sessions.start(uow, identity_of(uow, cast.eve.employee_id), browser="half-open", complete=False)
    answer = entra.patch(f"Users/{cast.eve.employee_id}", *operations)
    assert (answer.status_code, answer.get_json(force=True)["active"]) == (200, False)
    assert client.get("/c/acme/absences").status_code == 303
    with as_(cast.ana) as uow:
        mine = SignInSession.employee_id == cast.eve.employee_id
        assert (
            uow.session.scalars(select(SignInSession).where(mine, SignInSession.revoked_at.is_(None))).all()
            == []
        )
        links = select(SignInLink).where(SignInLink.employee_id == cast.eve.employee_id)
        assert uow.session.scalars(links.where(SignInLink.used_at.is_(None))).all() == []
        assert uow.session.scalars(
            select(Employment.end_date).where(Employment.employee_id == cast.eve.employee_id)
        ).all() == [uow.today()]


def test_who_comes_back_is_the_same_person(entra, cast, person):
    path = f"Users/{cast.eve.employee_id}"
    entra.patch(path, {"op": "Replace", "path": "active", "value": False})
    answer = entra.patch(path, {"op": "Replace", "path": "active", "value": "True"})
    assert answer.get_json(force=True)["active"] is True
    assert person(cast.eve.email).active


def test_entra_changes_several_attributes_at_once_and_sends_what_is_not_kept(entra, cast, person):
    answer = entra.patch(
        f"Users/{cast.eve.employee_id}",
        {"op": "Add", "path": "name.givenName", "value": "Eva"},
        {"op": "Replace", "path": "displayName", "value": "Somebody Else"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "other@acme.example"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+420601123456"},
        {"op": "Add", "path": 'addresses[type eq "work"].locality', "value": "Prague"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Care"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": str(cast.pia.employee_id)},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "A7"},
        {"op": "Add", "value": {"title": "Head nurse", f"{ENTERPRISE}:costCenter": "5"}},
    )
    assert answer.status_code == 200, answer.text
    eve = person(cast.eve.email)
    assert (eve.first_name, eve.employee_number, eve.job_title) == ("Eva", "A7", "Head nurse")


def test_one_bad_operation_undoes_all_of_them(entra, cast, person):
    before = person(cast.eve.email).first_name
    answer = entra.patch(
        f"Users/{cast.eve.employee_id}",
        {"op": "replace", "path": "name.givenName", "value": "Eva"},
        {"op": "replace", "path": "userName", "value": cast.mats.email},
    )
    assert answer.status_code == 409
    assert person(cast.eve.email).first_name == before


def test_another_address_moves_the_password_and_never_merges_people(entra, as_, cast, person):
    path = f"Users/{cast.eve.employee_id}"
    answer = entra.patch(path, {"op": "replace", "path": "userName", "value": "eva@acme.example"})
    assert answer.get_json(force=True)["id"] == str(cast.eve.employee_id)
    with as_(cast.ana) as uow:
        subjects = select(Identity.subject).where(Identity.employee_id == cast.eve.employee_id)
        assert uow.session.scalars(subjects).all() == ["eva@acme.example"]
    taken = entra.patch(path, {"op": "replace", "path": "userName", "value": cast.otto.email})
    assert (taken.status_code, taken.get_json(force=True)["scimType"]) == (409, "uniqueness")
    assert person(cast.otto.email).id == cast.otto.employee_id


def test_nobody_becomes_hr_by_redirecting_their_mail(entra, cast, person):
    """T90: the address of somebody who may do more leads to their password."""
    answer = entra.patch(
        f"Users/{cast.ana.employee_id}", {"op": "replace", "path": "userName", "value": "evil@acme.example"}
    )
    assert answer.status_code == 403
    assert person(cast.ana.email) is not None


def test_the_last_admin_stays(entra, cast, person):
    for answer in (
        entra.patch(f"Users/{cast.ana.employee_id}", {"op": "replace", "path": "active", "value": False}),
        entra.ask("DELETE", f"Users/{cast.ana.employee_id}"),
    ):
        assert answer.status_code == 409
        assert "admin" in answer.get_json(force=True)["detail"]
    assert person(cast.ana.email).active


def test_a_replacement_clears_what_it_leaves_out(entra, cast, person):
    made = entra.create("Users", **somebody(), **{ENTERPRISE: {"employeeNumber": "A1"}})
    whole = {
        "schemas": [USER],
        "userName": "nina@acme.example",
        "name": {"givenName": "Nina", "familyName": "Stará"},
    }
    answer = entra.ask("PUT", f"Users/{made['id']}", whole)
    assert answer.status_code == 200
    nina = person("nina@acme.example")
    assert (nina.last_name, nina.job_title, nina.employee_number, nina.active) == ("Stará", None, None, True)
    assert "externalId" not in answer.get_json(force=True)


def test_whoever_is_deleted_has_left_and_is_not_found_any_more(entra, as_, cast, client, person):
    client.sign_in(cast.eve)
    assert entra.ask("DELETE", f"Users/{cast.eve.employee_id}").status_code == 204
    assert client.get("/c/acme/absences").status_code == 303
    assert entra.ask("GET", f"Users/{cast.eve.employee_id}").status_code == 404
    assert entra.ask("DELETE", f"Users/{cast.eve.employee_id}").status_code == 404
    assert entra.get("Users", query_string={"filter": f'userName eq "{cast.eve.email}"'})["totalResults"] == 0
    assert person(cast.eve.email).active is False


def test_a_deleted_person_comes_back_by_the_directorys_own_id_alone(entra, person):
    """An address changes hands: John Smith the second must not get the first one's record."""
    made = entra.create("Users", **somebody())
    entra.ask("DELETE", f"Users/{made['id']}")
    for other in ({"externalId": "other"}, {"externalId": None}):
        answer = entra.ask("POST", "Users", {"schemas": [USER], **somebody(), **other})
        assert answer.status_code == 409
        assert not person("nina@acme.example").active
    again = entra.create("Users", **somebody())
    assert again["id"] == made["id"]
    assert person("nina@acme.example").active


def test_writing_the_same_again_changes_nothing(entra, as_, cast):
    made = entra.create("Users", **somebody())
    before = len(events(as_, cast.ana))
    entra.patch(f"Users/{made['id']}", {"op": "replace", "path": "title", "value": "Nurse"})
    assert len(events(as_, cast.ana)) == before


def test_when_the_licence_is_over_a_directory_reads_and_writes_nothing(entra, as_, cast):
    """P17: a machine with a token is no way around it."""
    with as_(cast.ana) as uow:
        licences.locked_row(uow).licence_ends_on = date(2026, 1, 1)
    assert entra.ask("POST", "Users", {"schemas": [USER], **somebody()}).status_code == 403
    assert entra.ask("GET", "Users").status_code == 200


def test_when_the_licence_is_over_a_leaver_is_out_all_the_same(entra, as_, cast, person):
    """P17: nothing else of them changes, and nobody comes back."""
    made, other = (
        entra.create("Users", **somebody()),
        entra.create("Users", **somebody(userName="two@acme.example", externalId="two")),
    )
    with as_(cast.ana) as uow:
        licences.locked_row(uow).licence_ends_on = date(2026, 1, 1)
    out = {"op": "replace", "path": "active", "value": False}
    renamed = {"op": "replace", "path": "name.familyName", "value": "Changed"}

    def patch(*operations):
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
        return entra.ask("PATCH", f"Users/{made['id']}", body).status_code

    assert patch(renamed) == 403
    assert patch(renamed, out) == 200
    with as_(cast.ana) as uow:
        gone = uow.session.get(Employee, (cast.acme.id, UUID(made["id"])))
        assert not gone.active and gone.last_name != "Changed"
    assert patch({**out, "value": True}) == 403
    assert entra.ask("DELETE", f"Users/{other['id']}").status_code == 204


@pytest.mark.parametrize(
    "path", ["Users/not-an-id", "Nowhere", "Users/0f3c1e5a-7b1d-4c7e-9a55-2d9d7a1b0c11", "Groups/1", "Me"]
)
def test_what_is_not_there_is_404_in_json(entra, path):
    answer = entra.ask("GET", path)
    assert answer.status_code == 404
    assert answer.get_json(force=True)["status"] == "404"


def test_a_wrong_method_is_405_in_json(entra):
    answer = entra.ask("DELETE", "Users")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
