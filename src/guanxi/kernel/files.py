"""Files kept with records: stored once by content, typed by content, handed out only through a
record."""

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Refused, Wrong
from guanxi.kernel.models import StoredFile

MAX_NAME = 120
CHUNK = 1024 * 1024
MAX_PIXELS = 50_000_000
#: What Pillow calls it -> the type it is served as. SVG is no picture here: it can run scripts.
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
)
#: Programs are not kept: opened from a colleague's record they would be trusted.
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def keep_file(actor: Actor, upload: Any, *, max_bytes: int, picture: bool = False) -> StoredFile:
    """Stores an upload (name, size, chunks(), file) and returns its row; raises Wrong.

    The type is read from the content; the name is kept for people, never used as a path.
    """
    _check_size(upload.size, max_bytes)
    if not upload.size:
        raise Wrong(_("This file is empty."))
    content_type = picture_type(upload.file) if picture else sniff(upload.file)
    digest = hashlib.sha256()
    for piece in upload.chunks(CHUNK):
        digest.update(piece)
    upload.file.seek(0)
    path = default_storage.save(f"files/{digest.hexdigest()[:2]}/{uuid4().hex}", upload)
    return StoredFile.objects.create(
        book=actor.book,
        name=safe_name(upload.name),
        size=upload.size,
        content_type=content_type,
        sha256=digest.hexdigest(),
        path=path,
        by_person_id=actor.person_id,
    )


def safe_name(name: str) -> str:
    """A name to offer at download: no folders, no control characters, its ending kept."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '<>:"|?*').strip(
        ". "
    )
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
    return plain[:MAX_NAME] or _("file")


def picture_type(file: BinaryIO) -> str:
    """The type of a picture that can be shown; raises Wrong."""
    try:
        with Image.open(file) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Wrong(_("This picture has too many pixels."))
            image.verify()
            found = PICTURES.get(image.format or "")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as fault:
        if isinstance(fault, Wrong):
            raise
        raise Wrong(not_a_picture()) from None
    finally:
        file.seek(0)
    if not found:
        raise Wrong(not_a_picture())
    return found


def sniff(file: BinaryIO) -> str:
    """The type of any file by its first bytes; raises Wrong for programs."""
    head = file.read(16)
    file.seek(0)
    if head.startswith(PROGRAMS):
        raise Wrong(_("Programs can't be attached."))
    for signature, content_type in SIGNATURES:
        if head.startswith(signature):
            return content_type
    try:
        return picture_type(file)
    except Wrong:
        return "application/octet-stream"


def check_file(actor: Actor, kind: Any, value: int, *, current: int | None) -> None:
    """A record may point at what it already had, or at what this person has just uploaded.

    What was uploaded for any field must still be what this one takes.
    """
    if value == current:
        return
    known = StoredFile.objects.filter(pk=value, book=actor.book)
    if actor.person_id is not None:
        known = known.filter(by_person_id=actor.person_id)
    stored = known.first()
    if stored is None:
        raise Wrong(_("Choose the file again, please."), code="not_found")
    _check_size(stored.size, kind.max_bytes)
    if kind.picture and stored.content_type not in PICTURES.values():
        raise Wrong(not_a_picture())


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        megabytes = limit // (1024 * 1024)
        raise Wrong(_("This file is larger than %(limit)s MB.") % {"limit": megabytes})


def not_a_picture() -> str:
    return _("This is not a picture. Use PNG, JPEG, GIF or WebP.")


def names_of(ids: Iterable[int]) -> dict[int, str]:
    return dict(StoredFile.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def open_stored(stored: StoredFile) -> Any:
    """Raises Refused where the row is there but the file is not, as after half a restore."""
    try:
        return default_storage.open(stored.path)
    except FileNotFoundError:
        raise Refused(_("This file is missing on the server. Ask your administrator.")) from None
