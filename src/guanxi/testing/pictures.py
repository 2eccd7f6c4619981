"""Pictures of pages for the manual: the same every time, and small."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

COLOURS = 128


def keep_picture(page: Any, file: Path) -> None:
    """Writes what `page` (Playwright) shows as a PNG with a palette of 128 colours."""
    page.mouse.move(0, 0)
    raw = page.screenshot(animations="disabled", caret="hide")
    file.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(raw)).convert("RGB")
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
