"""Photos: chosen by the person or HR, drawn anew, sealed, shown with the rights of the directory, kept privately."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select, text

from portal.models import AuditEvent, Employee
from portal.services import photos


def picture(form: str = "JPEG", size: tuple[int, int] = (600, 400), **options) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, form, **options)
    return written.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    return picture(exif=exif)


def upload(client, member, data: bytes, name: str = "me.jpg"):
    return client.send(
        f"people/{member.employee_id}/photo",
        {"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def key_of(as_, cast):
    with as_(cast.ana) as uow:
        return uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).photo_key


def look(client, member, size="large", **headers):
    return client.get(client.url(f"people/{member.employee_id}/photo/{size}"), headers=headers)


def test_a_photo_becomes_two_squares_of_pixels_alone(client, cast):
    """T161: drawn anew; neither the camera nor the place stays."""
    client.sign_in(cast.eve).page(f"people/{cast.eve.employee_id}/photo")
    assert upload(client, cast.eve, with_place()).status_code == 303
    for size, side in (("large", 320), ("small", 96)):
        answer = look(client, cast.eve, size)
        image = Image.open(io.BytesIO(answer.data))
        assert answer.mimetype == "image/jpeg" and image.size == (side, side)
        assert not image.getexif() and b"SecretCamera" not in answer.data


def test_it_is_shown_in_the_directory_and_on_the_record_and_initials_are_the_rest(
    client, cast, as_, statements
):
    client.sign_in(cast.otto).page("people")
    statements.clear()
    client.page("people")
    before = len(statements)
    upload(client.sign_in(cast.eve), cast.eve, picture("PNG"), "me.png")
    address = f"/c/acme/people/{cast.eve.employee_id}/photo/small?v={key_of(as_, cast).hex}"
    client.sign_in(cast.otto).page("people")
    statements.clear()
    page = client.page("people")
    assert address in page and page.count('<img class="avatar-initials"') == 1
    assert len(statements) == before, "no statement more for the list"
    assert address.replace("small", "large") in client.page(f"people/{cast.eve.employee_id}")
    assert "photo/large" in client.sign_in(cast.eve).page("profile")
    assert '<img class="portrait"' not in client.page(f"people/{cast.otto.employee_id}")


def test_a_browser_keeps_it_privately_and_asks_again_by_its_tag(client, cast, as_):
    upload(client.sign_in(cast.eve), cast.eve, picture())
    first = look(client, cast.eve)
    assert first.headers["Cache-Control"] == "private, no-cache" and first.headers["ETag"]
    again = look(client, cast.eve, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    named = client.get(client.url(f"people/{cast.eve.employee_id}/photo/large?v={key_of(as_, cast).hex}"))
    assert named.headers["Cache-Control"] == "private, max-age=86400"
    upload(client, cast.eve, picture(size=(300, 300)))
    assert look(client, cast.eve, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_what_lies_in_the_store_is_sealed_and_goes_when_it_is_replaced(client, cast, as_):
    """P10; the job deletes what nobody is shown any more."""
    upload(client.sign_in(cast.eve), cast.eve, picture())
    old = key_of(as_, cast)
    with as_(cast.ana) as uow:
        stored = uow.outside.files.get(cast.acme.id, photos._place(old, "large"))
        assert b"JFIF" not in stored
    assert client.send(f"people/{cast.eve.employee_id}/photo-removal").status_code == 303
    assert key_of(as_, cast) is None and look(client, cast.eve).status_code == 404
    with as_(cast.ana) as uow:
        queued = uow.session.scalars(
            text("SELECT args->>'key' FROM procrastinate_jobs WHERE task_name = 'delete_photo'")
        ).all()
        assert str(old) in queued
        photos.delete_files(uow, old)
        actions = list(uow.session.scalars(select(AuditEvent.action)))
    assert {"employee.photo-changed", "employee.photo-removed"} <= set(actions)


def test_the_person_and_hr_change_it_and_nobody_else(client, cast):
    """T87, T89."""
    for member in (cast.mats, cast.otto):
        client.sign_in(member)
        assert upload(client, cast.eve, picture()).status_code == 404
        assert client.send(f"people/{cast.eve.employee_id}/photo-removal").status_code == 404
        assert client.get(client.url(f"people/{cast.eve.employee_id}/photo")).status_code == 404
    assert upload(client.sign_in(cast.ana), cast.eve, picture()).status_code == 303


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "me.jpg", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.svg", "not accepted"),
        (b"<html>", "me.jpg", "not what its name says"),
        (b"GIF89a" + b"x" * 50, "me.png", "not what its name says"),
        (picture()[:200], "me.jpg", "damaged"),
        (b"hello", "me.txt", "PNG or a JPEG"),
        (picture("PNG", (9000, 9000)), "me.png", "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_at_the_field_and_not_kept(client, cast, as_, data, name, said):
    """T161: other kinds, lies, bombs of pixels."""
    answer = upload(client.sign_in(cast.eve), cast.eve, data, name)
    assert answer.status_code == 422 and said in answer.text
    assert key_of(as_, cast) is None


def test_photos_of_people_who_left_and_of_other_companies_are_not_shown(client, cast, as_):
    """T99, T164."""
    upload(client.sign_in(cast.eve), cast.eve, picture())
    client.sign_in(cast.zoe)
    assert client.get(f"/c/beta/people/{cast.eve.employee_id}/photo/large").status_code == 404
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).active = False
    assert look(client.sign_in(cast.otto), cast.eve).status_code == 404
    assert look(client.sign_in(cast.ana), cast.eve).status_code == 200
    client.sign_out()
    assert client.get(f"/c/acme/people/{cast.eve.employee_id}/photo/large").status_code == 303
