"""Pictures are drawn anew before they are kept: what was hidden in or behind them does not come along."""

import io
from typing import IO

from PIL import Image, ImageOps

from catalog.errors import Invalid

#: 40 million points: a sheet of A4 at 600 dots an inch.
MAX_PIXELS = 40_000_000
JPEG_QUALITY = 90
#: File ending → name of the format.
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def redrawn(ending: str, stream: IO[bytes]) -> IO[bytes]:
    """The picture alone, upright, without metadata and whatever else the file held.

    Args:
        ending: "png", "jpg" or "jpeg".

    Raises:
        Invalid: at "file": more than MAX_PIXELS, or no whole picture of that format.
    """
    stream.seek(0)
    try:
        with Image.open(stream, formats=[FORMATS[ending]]) as opened:
            _require_small(opened)
            upright = ImageOps.exif_transpose(opened)
            upright.load()
            return _written(upright, FORMATS[ending])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Invalid:
        raise
    except Exception:  # noqa: BLE001 - a decoder that is fed hostile bytes may fail in any way
        raise Invalid.at("file", "file_content", ending=ending) from None


def _written(picture: Image.Image, name: str) -> IO[bytes]:
    kept = io.BytesIO()
    transparency = picture.info.get("transparency")
    picture.info = {}  # comments, position, camera, colour profile: the writers would carry some of it over
    if name == "JPEG":
        plain = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        plain.save(kept, "JPEG", quality=JPEG_QUALITY)
    elif transparency is None:
        picture.save(kept, "PNG")
    else:
        picture.save(kept, "PNG", transparency=transparency)
    kept.seek(0)
    return kept


def _require_small(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> Invalid:
    return Invalid.at("file", "file_pixels", max_million=MAX_PIXELS // 1_000_000)
