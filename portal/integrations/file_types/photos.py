"""A picture of a person: the middle of it as a square in two sizes, pixels only. Called in a process of its own."""

import io
import warnings

from PIL import Image, ImageOps

from portal.integrations.file_types.refused import unreadable

LARGE, SMALL = 320, 96
MOST_PIXELS = 24_000_000


def check(data: bytes, _content_type: str) -> bytes:
    """Both sizes as JPEG, the large one first, its length before it in four bytes."""
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
        if image.width * image.height > MOST_PIXELS or getattr(image, "n_frames", 1) > 1:
            raise unreadable()
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    on_white = Image.new("RGB", upright.size, "white")
    on_white.paste(upright, mask=upright.getchannel("A"))
    large, small = _square(on_white, LARGE), _square(on_white, SMALL)
    return len(large).to_bytes(4) + large + small


def _square(image: Image.Image, side: int) -> bytes:
    written = io.BytesIO()
    ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS).save(
        written, "JPEG", quality=86, optimize=True
    )
    return written.getvalue()
