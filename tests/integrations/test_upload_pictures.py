"""PNG and JPEG uploads: the pixels are kept, and nothing else."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from portal.domain.refusals import Reason
from portal.integrations.file_types import inspect
from tests.integrations import uploads as build
from tests.integrations.uploads import LIMIT, assert_refused


@pytest.mark.parametrize(
    ("name", "form", "mode"),
    [("a.jpg", "JPEG", "CMYK"), ("a.jpg", "JPEG", "L"), ("a.png", "PNG", "1"), ("a.png", "PNG", "P"),
     ("a.png", "PNG", "RGBA"), ("a.png", "PNG", "I;16")],
)  # fmt: skip
def test_pictures_of_every_depth_are_kept(name: str, form: str, mode: str) -> None:
    content = inspect(name, build.picture(form, mode=mode), max_bytes=LIMIT).content
    with Image.open(io.BytesIO(content)) as kept:
        assert (kept.format, kept.size) == (form, (40, 30))


@pytest.mark.parametrize(("form", "name"), [("JPEG", "photo.jpg"), ("PNG", "logo.png")])
def test_a_picture_keeps_its_pixels_and_nothing_else(form: str, name: str) -> None:
    """P20: where a photo was taken, and a page hidden behind it, do not reach the store."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    hidden = b"<script>alert(1)</script>"
    data = build.picture(form, size=(40, 20), exif=exif.tobytes()) + hidden
    assert b"taken at home" in data
    content = inspect(name, data, max_bytes=LIMIT).content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (40, 20)
        assert not kept.getexif()
    assert b"taken at home" not in content
    assert hidden not in content


@pytest.mark.parametrize(
    ("form", "name", "option"),
    [("JPEG", "a.jpg", "comment"), ("JPEG", "a.jpg", "icc_profile"), ("PNG", "a.png", "icc_profile")],
)
def test_no_comment_and_no_profile_is_kept(form: str, name: str, option: str) -> None:
    note: dict[str, Any] = {option: b"taken at home"}
    data = build.picture(form, **note)
    with Image.open(io.BytesIO(data)) as sent:
        assert option in sent.info
    with Image.open(io.BytesIO(inspect(name, data, max_bytes=LIMIT).content)) as kept:
        assert option not in kept.info


def test_a_photo_taken_sideways_is_turned_before_the_note_about_it_goes() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = build.picture("JPEG", size=(40, 20), exif=exif.tobytes())
    with Image.open(io.BytesIO(inspect("photo.jpg", data, max_bytes=LIMIT).content)) as kept:
        assert kept.size == (20, 40)


def test_transparency_is_kept() -> None:
    written = io.BytesIO()
    Image.new("P", (9, 9), 0).save(written, "PNG", transparency=0)
    with Image.open(io.BytesIO(inspect("logo.png", written.getvalue(), max_bytes=LIMIT).content)) as kept:
        assert kept.getchannel("A").getextrema() == (0, 0)


def moving() -> bytes:
    frames = [Image.new("RGB", (9, 9), shade) for shade in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


UNREADABLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PNG: too many pixels": ("a.png", lambda: build.picture("PNG", size=(9000, 9000), mode="1")),
    "PNG: moving": ("a.png", moving),
    "PNG: cut": ("a.png", lambda: build.picture("PNG")[:60]),
    "PNG: only a signature": ("a.png", lambda: b"\x89PNG\r\n\x1a\n"),
    "JPEG: cut": ("a.jpg", lambda: build.picture("JPEG", size=(400, 400))[:300]),
    "JPEG: too many pixels": ("a.jpg", lambda: build.picture("JPEG", size=(6000, 6000), mode="L")),
    "JPEG: only a signature": ("a.jpg", lambda: b"\xff\xd8\xff\xe0"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_broken_or_enormous_picture_is_refused(case: str) -> None:
    name, built = UNREADABLE[case]
    assert_refused(name, built(), Reason.FILE_UNREADABLE)
