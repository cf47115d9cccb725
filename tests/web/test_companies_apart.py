"""Beta never sees Acme: every address is fetched and every form replayed by every role of Beta (T99, T100)."""

from __future__ import annotations

import io
from datetime import date
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import inspect, select, text

from portal.models import AbsenceTypeVersion, Company, Role
from portal.models.base import Base, CompanyScoped
from tests.factories.belongings import DAY, OWN_ROLE, give_acme_everything
from tests.fixtures.cast import SENTINEL
from tests.fixtures.doors import BEFORE_THE_DOOR

BETA = ["zoe", "bo", "bea", "bruno"]
SCOPED = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, CompanyScoped)]
#: What an address may ask for besides rows; anything else must be the id of a row.
PLAIN = {
    "year": 2026,
    "month": 6,
    "day": DAY.isoformat(),
    "date": DAY.isoformat(),
    "token": "x" * 43,
    "number": 1,
    "table": "employee",
    "type_name": "User",
    "schema_name": "urn:x",
    "size": "small",
}
#: Sign-in and the outbox of demonstrations are public by design and have tests of their own.
PUBLIC = {"outbox.index"}


@pytest.fixture
def acme_ids(as_, cast):
    """Every id that Acme owns, by the name that addresses and forms use: absence_id, employee_id, ..."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    with as_(cast.ana) as uow:
        return ids_of_acme(uow, cast)


def ids_of_acme(uow, cast):
    """One id of each of Acme's tables, and the names that addresses have for them."""
    ids = {}
    for model in SCOPED:
        found = uow.session.scalars(text(f"SELECT id FROM {_table(model)} ORDER BY id LIMIT 1")).first()  # noqa: S608
        if found is not None:
            ids[f"{model.__tablename__}_id"] = found
    ids["role_id"] = uow.session.scalars(select(Role.id).where(Role.key == OWN_ROLE)).one()
    # Only rules that are still to come can be dropped, so it matters which ones these are.
    planned = select(AbsenceTypeVersion).order_by(AbsenceTypeVersion.valid_from.desc()).limit(1)
    rules = uow.session.scalars(planned).one()
    ids |= {"absence_type_version_id": rules.id, "absence_type_id": rules.absence_type_id}
    return {
        **ids,
        "employee_id": cast.eve.employee_id,
        "person_id": cast.eve.employee_id,
        "line_manager_id": cast.mats.employee_id,
        "rules_id": ids["absence_type_version_id"],
        "plan_id": ids["entitlement_plan_id"],
        "proof_id": ids["absence_proof_id"],
        "substitute_id": ids["absence_substitute_id"],
        "version_id": ids["document_version_id"],
        "recipient_id": ids["distribution_recipient_id"],
        "template_id": ids["shift_template_id"],
        "import_id": ids["people_import_id"],
        "field_id": ids["custom_field_id"],
        "change_id": ids["people_change_id"],
        "archive_id": ids["company_archive_id"],
        "session_id": uuid4(),
        "upload_id": uuid4(),
        "provider_id": ids["identity_provider_id"],
        "test_id": ids["sso_transaction_id"],
        "trip_id": ids["sso_transaction_id"],
        "copy_id": ids["data_export_id"],
        "erasure_id": ids["erasure_request_id"],
        "hold_id": ids["legal_hold_id"],
        "processor_id": uuid4(),
    }


def addresses(app, method, ids, company):
    """Every address of the portal that takes this method, with Acme's ids in the places, and its rule."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method not in rule.methods or "company" not in rule.arguments or rule.endpoint in PUBLIC:
                continue
            values = {"company": company}
            for name in rule.arguments - {"company"}:
                value = ids.get(name, PLAIN.get(name))
                assert value is not None, f"{rule}: the crawl has nothing to put in for <{name}>"
                values[name] = _typed(rule, name, value)
            built = rule.build(values)
            found.append((rule, built[1]))
    return found


@pytest.mark.parametrize("who", BETA)
@pytest.mark.parametrize("company", ["acme", "beta"])
def test_no_page_of_any_company_shows_acme_to_beta(app, client, cast, acme_ids, who, company):
    """T99: with Acme's short name, and with Beta's and Acme's ids."""
    client.sign_in(cast.people[who])
    seen = 0
    for rule, address in addresses(app, "GET", acme_ids, company):
        for query in ("", "?" + "&".join(f"{name}={value}" for name, value in acme_ids.items())):
            client.stay(cast.people[who])
            answer = client.get(address + query)
            seen += 1
            assert answer.status_code < 500, address
            before_the_door = rule.endpoint.startswith(BEFORE_THE_DOOR)
            if company == "acme" and not before_the_door:
                by_token = rule.endpoint == "audit.feed" or rule.endpoint.startswith("scim.")
                allowed = {401} if by_token else {303, 404}
                assert answer.status_code in allowed, f"{address}: {answer.status_code}"
            if acme_ids.keys() & rule.arguments and not (company == "acme" and before_the_door):
                gone = {410} if before_the_door else set()  # a link of a letter that is none, in any company
                assert answer.status_code in {303, 401, 403, 404} | gone, f"{address}: {answer.status_code}"
            if company == "beta" or not before_the_door:
                assert SENTINEL not in _readable(answer), f"{address} shows Acme to {who}"
    assert seen > 20


@pytest.mark.parametrize("who", BETA)
def test_no_form_of_beta_reaches_acme(app, client, cast, as_, acme_ids, who):
    """T99, T100: ids of Acme in the address and in every field."""
    client.sign_in(cast.people[who])
    before = _fingerprints(as_, cast)
    fields = {name: str(value) for name, value in acme_ids.items()}
    fields.update({name.removesuffix("_id"): value for name, value in fields.items()})
    fields.update(_plausible(acme_ids))
    for rule, address in addresses(app, "POST", acme_ids, "beta"):
        if rule.endpoint.startswith(("sessions.", "sign_in.", "scim.")):
            continue  # signs the crawler out, or looks at no cookie; they have tests of their own
        for htmx in (False, True):
            client.stay(cast.people[who])
            answer = client.post(
                address,
                data={**fields, "csrf_token": client.form_token()},
                headers={"HX-Request": "true"} if htmx else {},
            )
            assert answer.status_code < 500, f"{address}: {answer.status_code}"
            assert SENTINEL not in _readable(answer), f"{address} shows Acme to {who}"
            if acme_ids.keys() & rule.arguments:
                assert answer.status_code in {303, 403, 404}, f"{address}: {answer.status_code}"
    assert _fingerprints(as_, cast) == before


def test_the_same_walk_as_acme_finds_acme(app, client, cast, acme_ids):
    """The crawl can fail: what it must not find for Beta, it does find for Acme's HR."""
    client.sign_in(cast.ana)
    found = []
    for _, address in addresses(app, "GET", acme_ids, "acme"):
        client.stay(cast.ana)
        if SENTINEL in _readable(client.get(address)):
            found.append(address)
    assert len(found) >= 15


def _plausible(ids):
    """Values that let a form get past its own checks and down to the rows."""
    today = date(2026, 6, 22).isoformat()
    return {
        "start_date": today, "end_date": today, "date": today, "due_date": today,
        "first_part": "full", "last_part": "full",
        "title": "x", "name": "x", "note": "x", "reason": "x", "code": "E", "version": "1", "amount": "1",
        "confirmed": "y",
        "month": "2026-06", "role": "hr", "email": "new@beta.example", "first_name": "N", "last_name": "N",
        "teams": str(ids["team_id"]), "audience": str(ids["team_id"]), "to_employee_id": str(ids["employee_id"]),
    }  # fmt: skip


def _typed(rule, name, value):
    converter = rule._converters[name]
    try:
        return converter.to_python(str(value))
    except ValueError:
        return value


def _readable(answer) -> str:
    if answer.content_type == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return answer.data.decode("utf-8", "replace") + str(answer.headers)


def _table(model) -> str:
    table = inspect(model).local_table
    return f"{table.schema}.{table.name}" if table.schema else table.name


def _fingerprints(as_, cast):
    """A hash of all rows of Acme in each table, the sign-in sessions of the tests themselves aside."""
    with as_(cast.ana) as uow:
        return {
            model.__tablename__: uow.session.scalar(
                text(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM {_table(model)} t")  # noqa: S608
            )
            for model in SCOPED
        } | {"company": uow.session.get(Company, cast.acme.id).name}
