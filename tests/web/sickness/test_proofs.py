"""Proofs: added by the owner or HR, opened by nobody else, kept sealed, exported and erased."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_types import TypeRules
from portal.integrations.storage import FileMissing
from portal.models import AbsenceProof, AuditEvent, OutboxMessage
from portal.services import absence_proofs, absence_requests, absence_types, data_map, person_data
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.forgetting import erasers
from portal.services.sickness import alarms, reporting
from tests.factories.absences import sickness_type
from tests.integrations.uploads import pdf

NOTE = pdf()
MONDAY, FRIDAY = date(2026, 6, 15), date(2026, 6, 19)


@pytest.fixture
def ill(as_, cast):
    with as_(cast.ana) as uow:
        kind = sickness_type(uow, proof_from_days=4)
    with as_(cast.eve) as uow:
        return reporting.report(uow, uuid4(), Wish(kind, MONDAY, FRIDAY)).absence.id


def file(content=NOTE, name="sick note.pdf"):
    return {"key": str(uuid4()), "file": (io.BytesIO(content), name)}


def upload(client, absence_id, **more):
    sent = file(**more)
    answer = client.send(f"absences/{absence_id}/proofs", sent, content_type="multipart/form-data")
    return sent["key"], answer


def test_a_proof_goes_from_missing_to_there_to_accepted(client, as_, cast, ill):
    client.sign_in(cast.eve)
    assert "missing" in client.page(f"absences/{ill}") and "Due on 18 Jun 2026." in client.page(
        f"absences/{ill}"
    )
    key, answer = upload(client, ill)
    assert answer.status_code == 303
    shown = client.page(f"absences/{ill}")
    assert "sick note.pdf" in shown and "there</span>" in shown
    handed_out = client.get(client.url(f"absence-proofs/{key}/file"))
    assert handed_out.data == NOTE and handed_out.headers["Content-Type"] == "application/pdf"
    client.sign_in(cast.ana)
    assert "there</span>" in client.page("sickness")
    assert client.send(f"absence-proofs/{key}/acceptance", {}).status_code == 303
    assert "accepted</span>" in client.page("sickness")
    client.sign_in(cast.eve)
    refused = client.send(f"absence-proofs/{key}/removal", {})
    assert refused.status_code == 422
    with as_(cast.ana) as uow:
        actions = set(uow.session.scalars(select(AuditEvent.action)))
        assert {"absence.proof-added", "absence.proof-opened", "absence.proof-accepted"} <= actions
        payloads = " ".join(filter(None, uow.session.scalars(select(AuditEvent.payload))))
    assert "sick note" not in payloads


def test_nobody_else_learns_even_that_there_is_one(client, as_, cast, ill):
    """T87: managers see that somebody is ill and no proof; an id learned elsewhere opens nothing."""
    client.sign_in(cast.eve)
    key, _ = upload(client, ill)
    for who in (cast.mats, cast.pia, cast.otto):
        client.sign_in(who)
        assert client.get(client.url(f"absence-proofs/{key}/file")).status_code == 404
        assert client.send(f"absence-proofs/{key}/removal", {}).status_code == 404
        assert upload(client, ill)[1].status_code == 404
    client.sign_in(cast.mats)
    assert "sick note" not in client.page(f"absences/{ill}") + client.page("sickness?show=all")
    assert "there</span>" not in client.page("sickness?show=all")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "note.pdf", "The file is empty"),
        (b"MZ\x90\x00" * 20, "note.pdf", "The content of the file is not what its name says"),
        (b"<svg/>", "note.svg", "Files of this kind are not accepted"),
    ],
)
def test_a_file_is_checked_by_what_is_in_it(client, as_, cast, ill, content, name, said):
    client.sign_in(cast.eve)
    upload(client, ill, content=content, name=name)
    assert said in client.page(f"absences/{ill}")
    with as_(cast.ana) as uow:
        assert not uow.session.scalars(select(AbsenceProof)).all()


def test_it_is_sealed_exported_and_erased(client, as_, cast, ill):
    client.sign_in(cast.eve)
    upload(client, ill)
    with as_(cast.ana) as uow:
        proof = uow.session.scalars(select(AbsenceProof)).one()
        place = UUID(proof.storage_key)
        assert NOTE not in uow.outside.files.get(uow.company.id, place)
        copy = person_data.read(uow, data_map.CARDS["absence_proof"], cast.eve.employee_id)
        assert [one.content for one in copy.files] == [NOTE] and copy.files[0].name.endswith(".pdf")
        assert erasers.erase(uow, cast.eve.employee_id, "absence_proof", "") == 1
        with pytest.raises(FileMissing):
            uow.outside.files.get(uow.company.id, place)


def test_the_same_file_twice_is_one_and_the_wrong_one_is_removed(client, as_, cast, ill):
    """T157."""
    with as_(cast.eve) as uow:
        proof_id = uuid4()
        for _ in range(2):
            absence_proofs.add(uow, proof_id, ill, file_name="a.pdf", content=NOTE)
            uow.session.flush()
        assert len(absence_proofs.of_absence(uow, ill).lines) == 1
        absence_proofs.remove(uow, proof_id)
        uow.session.flush()
        assert not absence_proofs.of_absence(uow, ill).lines


def test_a_missing_proof_is_asked_for_and_one_that_is_there_is_not(as_, cast, ill, clock):
    """Also of a type that is no sickness; on the day it is due, then once a week."""
    with as_(cast.ana) as uow:
        rules = TypeRules(needs_approval=False, proof_from_days=1)
        wedding = absence_types.create(uow, TypeLook("Wedding", "W", "blue"), rules).id
    with as_(cast.mats) as uow:
        absence_requests.request(uow, uuid4(), Wish(wedding, FRIDAY, FRIDAY))
    clock.move_to(clock.now().replace(day=19))
    with as_(cast.ana) as uow:
        assert alarms.watch(uow) == 2
        asked = select(OutboxMessage.employee_id).where(OutboxMessage.template == "proof_missing")
        assert set(uow.session.scalars(asked)) == {cast.eve.employee_id, cast.mats.employee_id}
    with as_(cast.eve) as uow:
        absence_proofs.add(uow, uuid4(), ill, file_name="a.pdf", content=NOTE)
    clock.move_to(clock.now().replace(day=26))
    with as_(cast.ana) as uow:
        assert alarms.watch(uow) == 1
