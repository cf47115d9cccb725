"""People read what they were handed and confirm it, word for word."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.models import Confirmation, Distribution, DistributionRecipient, DocumentVersion
from portal.services import audit_log
from portal.web.filters import file_size
from tests.factories.belongings import give_acme_everything


@pytest.fixture
def recipient_id(as_, cast):
    """The house rules of Acme, handed to Eve and not opened yet."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(DistributionRecipient.id)).one()


def confirm(client, recipient_id, **data):
    return client.send(f"documents/received/{recipient_id}/confirmation", {"confirmed": "y", **data})


def kept(as_, member):
    with as_(member) as uow:
        return list(uow.session.scalars(select(Confirmation)))


def test_after_opening_it_is_confirmed_word_for_word(client, cast, as_, recipient_id):
    client.sign_in(cast.eve)
    assert "To confirm" in client.page("documents")
    file = client.get(client.url(f"documents/received/{recipient_id}/file"))
    assert file.data.startswith(b"House rules")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert confirm(client, recipient_id, statement="I was forced").status_code == 303
    (row,) = kept(as_, cast.eve)
    assert row.statement.startswith("I have read version 1 of “Rules")
    assert (row.employee_id, row.language, row.ip) == (cast.eve.employee_id, "en", "127.0.0.1")
    assert "Your confirmation" in client.page(f"documents/received/{recipient_id}")


@pytest.mark.parametrize(("language", "written"), [("en", "8.4 kB"), ("cs", "8,4 kB"), ("de", "8,4 kB")])
def test_sizes_are_written_as_the_reader_writes_numbers(app, language, written):
    with app.test_request_context(headers={"Accept-Language": language}):
        assert [file_size(count) for count in (12, 8_430)] == ["12 B", written]


def test_it_is_not_confirmed_before_it_was_opened(client, cast, as_, recipient_id):
    answer = confirm(client.sign_in(cast.eve), recipient_id)
    assert answer.status_code == 422
    assert "Open the document" in answer.text
    assert kept(as_, cast.eve) == []


def test_the_box_has_to_be_ticked(client, cast, as_, recipient_id):
    client.sign_in(cast.eve).get(client.url(f"documents/received/{recipient_id}/file"))
    assert confirm(client, recipient_id, confirmed="").status_code == 422
    assert kept(as_, cast.eve) == []


def test_confirming_twice_is_once(client, cast, as_, recipient_id):
    """T157."""
    client.sign_in(cast.eve).get(client.url(f"documents/received/{recipient_id}/file"))
    assert [confirm(client, recipient_id).status_code for _ in range(2)] == [303, 303]
    assert len(kept(as_, cast.eve)) == 1


@pytest.mark.parametrize("who", ["otto", "ana", "zoe"])
def test_nobody_else_reads_or_confirms_it(client, cast, as_, recipient_id, who):
    """T164."""
    client.sign_in(cast.people[who])
    assert client.get(client.url(f"documents/received/{recipient_id}")).status_code == 404
    assert client.get(client.url(f"documents/received/{recipient_id}/file")).status_code == 404
    assert confirm(client, recipient_id).status_code == 404
    assert kept(as_, cast.ana) == []


def test_without_signing_in_there_is_no_file(client, cast, recipient_id):
    """T164."""
    answer = client.get(f"/c/acme/documents/received/{recipient_id}/file")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def test_a_manager_sees_the_team_and_hr_everybody(client, cast, recipient_id, as_):
    with as_(cast.ana) as uow:
        distribution_id = uow.session.scalars(select(Distribution.id)).one()
    path = f"documents/distributions/{distribution_id}"
    assert cast.eve.email in client.sign_in(cast.mats).page(path)
    assert cast.eve.email in client.sign_in(cast.ana).page(path)
    client.sign_in(cast.eve)
    assert client.get(client.url(path)).status_code == 403


def test_a_flipped_byte_is_found_and_nothing_is_handed_out(client, cast, as_, recipient_id, app):
    """T-at-rest: no partial data, an event for the admin."""
    files = app.extensions["staffroom"].outside.files
    with as_(cast.ana) as uow:
        key = UUID(uow.session.scalars(select(DocumentVersion.storage_key)).one())
    sealed = bytearray(files.get(cast.acme.id, key))
    sealed[-1] ^= 1
    files.put(cast.acme.id, key, bytes(sealed))
    answer = client.sign_in(cast.eve).get(client.url(f"documents/received/{recipient_id}/file"))
    assert answer.status_code == 422
    assert b"House rules" not in answer.data
    with as_(cast.ana) as uow:
        assert audit_log.list_events(uow).events[0].action == "document.damaged"
