"""Processors: told to every company before they begin, and companies answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.jobs import processors as telling
from portal.services import audit_log, outbox, processors
from portal.services.processor_notices import TELL_TASK
from tests.fixtures.client import PortalClient


@pytest.fixture(scope="module")
def sam(house):
    return house.staff("Pia")


def described(house, **changed):
    begins = (house.clock.now() + timedelta(days=31)).date()
    return {
        "name": "Post & Sons",
        "purpose": "Sends letters",
        "data": "Addresses of mail, texts of letters",
        "place": "Austria",
        "contract": "Art. 28 contract of 2 May 2026",
        "since": begins.isoformat(),
        **changed,
    }


def test_a_new_processor_is_told_and_objected_to(house, sam):
    """A letter to every company's admins, a public register, and an answer that the operator reads."""
    assert sam.post("/operator/processors", described(house)).status_code == 303
    with house.as_(house.cast.ana) as uow:
        woken = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo'")
        assert uow.session.scalar(woken, {"task": TELL_TASK}) == 1
    tell(house)
    for member in (house.cast.ana, house.cast.zoe):
        with house.as_(member) as uow:
            assert "Post & Sons" in outbox.list_latest(uow)[0].text
            assert audit_log.list_events(uow).events[0].action == "processor.announced"
    line = next(one for one in processors_now(house) if one.processor.name == "Post & Sons")
    assert line.planned
    zoe = PortalClient(house.app)
    zoe.staffroom = house.app.extensions["staffroom"]
    zoe.sign_in(house.cast.zoe)
    assert "Post &amp; Sons" in zoe.page("processors")
    path = f"processors/{line.processor.id}/answer"
    missing = zoe.send(path, {"answer": "objected", "note": ""})
    assert missing.status_code == 422 and "field-error" in missing.text
    assert zoe.send(path, {"answer": "perhaps"}).status_code == 400
    assert zoe.send(path, {"answer": "objected", "note": "Not in Austria, please"}).status_code == 303
    assert "Objected" in zoe.page("processors")
    assert "Not in Austria, please" in sam.get("/operator/processors").text
    assert zoe.send(path, {"answer": "agreed"}).status_code == 303
    assert "Not in Austria, please" not in sam.get("/operator/processors").text


def tell(house) -> None:
    """What the worker does every ten minutes."""
    with house.app.app_context():
        telling.run(house.app)


def processors_now(house):
    with house.app.app_context():
        return processors.register(house.clock.now().date())


def test_companies_get_thirty_days(house, sam):
    soon = (house.clock.now() + timedelta(days=29)).date().isoformat()
    answer = sam.post("/operator/processors", described(house, name="Hasty", since=soon))
    assert answer.status_code == 422 and "30 days before" in answer.text
    assert "Hasty" not in {one.processor.name for one in processors_now(house)}


def test_one_in_use_already_is_a_record_and_can_end(house, sam):
    """T199: that companies were told after it began stands on the public register, and that this is late."""
    assert (
        sam.post("/operator/processors", described(house, name="Old", since="2026-01-01")).status_code == 303
    )
    tell(house)
    line = next(one for one in processors_now(house) if one.processor.name == "Old")
    assert not line.planned and line.late
    public = house.app.test_client().get("/trust", base_url="http://localhost").text
    entry = public[public.index("<bdi>Old</bdi>") :]
    told = f"{house.clock.now():%-d %b %Y}"
    assert re.search(rf"Since</dt><dd>1 Jan 2026</dd>\s*<dt>Companies told</dt><dd>{told}</dd>", entry)
    assert "Told late" in entry[: entry.index("<dl")]
    assert sam.post(f"/operator/processors/{line.processor.id}/end").status_code == 303
    assert "Ended" in sam.get("/operator/processors").text
