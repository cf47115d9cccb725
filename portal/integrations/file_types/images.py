"""PNG and JPEG: decoded and drawn anew, so that what is kept is pixels and nothing hidden beside them."""

import io
import warnings

from PIL import Image, ImageOps

from portal.integrations.file_types.refused import unreadable

# An A4 page at 400 dpi is 15 million; four bytes each while it is open.
MOST_PIXELS = 24_000_000
_MODES = {"PNG": {"1", "L", "LA", "P", "RGB", "RGBA"}, "JPEG": {"L", "RGB"}}


def check(data: bytes, content_type: str) -> bytes:
    """The picture drawn anew. A broken one raises whatever the decoder raises; the parent takes that for unreadable."""
    form = content_type.removeprefix("image/").upper()
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(data), formats=[form]) as image:
        if image.width * image.height > MOST_PIXELS or getattr(image, "n_frames", 1) > 1:
            raise unreadable()
        return _drawn_anew(ImageOps.exif_transpose(image), form)


def _drawn_anew(image: Image.Image, form: str) -> bytes:
    """Only pixels and, for PNG, transparency: no EXIF with a place in it, no text, no profile, no trailing bytes."""
    if form == "PNG" and "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode not in _MODES[form]:
        image = image.convert("RGB")
    image.info = {}
    written = io.BytesIO()
    if form == "PNG":
        image.save(written, form, compress_level=1)
    else:
        image.save(written, form, quality=92)
    return written.getvalue()
