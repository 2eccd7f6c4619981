"""A file arrives: kept, examined, with everything proposed that can be proposed."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.exchange.also import Also, propose_mapping
from guanxi.exchange.models import Import, RememberedMapping, Stage
from guanxi.exchange.options import Options
from guanxi.exchange.plan import Planner
from guanxi.exchange.profile import examine
from guanxi.exchange.reading import Limits, digest, open_table
from guanxi.exchange.targets import targets
from guanxi.exchange.work import path_of, table_of
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kernel.spec import Spec

LIMITS = Limits()
FOLDER = "imports"
PIECE = 2**20


def keep_file(name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Stores the pieces below MEDIA_ROOT; (relative path, bytes). Raises Refused when too large."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER / f"{timezone.now():%Y%m}"
    folder.mkdir(parents=True, exist_ok=True)
    # The name people gave it never becomes a path; its ending only helps who looks at the folder.
    ending = "".join(
        sign for sign in Path(name).suffix.lower()[:6] if sign.isalnum() or sign == "."
    )
    path = folder / f"{secrets.token_hex(12)}{ending}"
    size = 0
    try:
        with path.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > LIMITS.file:
                    raise Refused(
                        _("The file is larger than %(limit)s MB. Split it into several files.")
                        % {"limit": LIMITS.file // 2**20},
                        code="too_large",
                    )
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return str(path.relative_to(settings.MEDIA_ROOT)), size


def take_file(
    actor: Actor,
    spec: Spec,
    name: str,
    pieces: Iterable[bytes],
    *,
    sheet: str = "",
    header_line: int | None = None,
    also: Also | None = None,
) -> Import:
    """A new import with proposals. Raises ReadFault for what can't be read; then nothing stays."""
    path, size = keep_file(name, pieces)
    whole = Path(settings.MEDIA_ROOT) / path
    try:
        profile = examine(open_table(whole, sheet=sheet or None, header_line=header_line))
    except BaseException:
        whole.unlink(missing_ok=True)
        raise
    imported = Import(
        object=spec.key,
        book=actor.book,
        person_id=actor.person_id,
        file_name=Path(name).name[:200] or "table",
        path=path,
        size=size,
        sha256=digest(whole),
        profile=profile,
    )
    propose(actor, imported, also=also)
    imported.save()
    return imported


def go_on_with(actor: Actor, imported: Import, also: Also) -> Import:
    """The same file once more, for other rows it names. Raises ReadFault, Refused."""
    table = table_of(imported)
    with path_of(imported).open("rb") as file:
        pieces = iter(partial(file.read, PIECE), b"")
        place = {"sheet": table.sheet or "", "header_line": table.header_line}
        return take_file(actor, also.spec, imported.file_name, pieces, **place, also=also)


def read_again(actor: Actor, imported: Import, *, sheet: str, header_line: int | None) -> None:
    """Another sheet or another line as heading: everything is proposed anew. Raises ReadFault."""
    whole = Path(settings.MEDIA_ROOT) / imported.path
    imported.profile = examine(open_table(whole, sheet=sheet or None, header_line=header_line))
    propose(actor, imported)
    imported.save()


def propose(actor: Actor, imported: Import, *, also: Also | None = None) -> None:
    """Fills mapping and options: as this person did it with this heading before, or as it looks."""
    spec = registry.spec(imported.object)
    planner = Planner(actor, spec, imported.profile)
    before = RememberedMapping.objects.filter(
        person_id=actor.person_id,
        object=spec.key,
        header=header_digest(imported.profile["header"]),
    ).first()
    if before is not None and (also is None or before.mapping.get(str(also.place)) == spec.title):
        known = targets(spec)
        mapping = {int(place): key for place, key in before.mapping.items() if key in known}
        options = _refreshed(planner, mapping, Options.from_json(before.options))
    else:
        mapping = also.mapping if also is not None else propose_mapping(planner)
        options = planner.options(mapping)
    imported.mapping = {str(place): key for place, key in mapping.items()}
    imported.options = options.to_json()
    imported.state = Stage.MAPPED if mapping else Stage.UPLOADED


def _refreshed(planner: Planner, mapping: dict[int, str], remembered: Options) -> Options:
    """What was chosen the last time, with proposals for what is new in this file."""
    fresh = planner.options(mapping)
    for place, found in fresh.replace.items():
        remembered.replace[place] = {**found, **remembered.replace.get(place, {})}
    for place, found_format in fresh.formats.items():
        remembered.formats.setdefault(place, found_format)
    return remembered


def same_file_before(imported: Import) -> Import | None:
    """This person's latest import of the very same file into this object that was not undone."""
    return _same_file(imported, imported.object).filter(state=Stage.DONE).first()


def brought_along(imported: Import, also: Also) -> Import | None:
    """This person's latest import of these other rows of the same table that was carried out."""
    begun = (Stage.RUNNING, Stage.DONE, Stage.FAILED, Stage.UNDOING)
    mine = _same_file(imported, also.spec.key).filter(state__in=begun)
    sheet, place = imported.profile["sheet"], str(also.place)
    return next(
        (
            one
            for one in mine
            if one.profile["sheet"] == sheet and one.mapping.get(place) == also.spec.title
        ),
        None,
    )


def _same_file(imported: Import, key: str) -> QuerySet[Import]:
    twins = Import.objects.filter(person_id=imported.person_id, sha256=imported.sha256)
    return twins.filter(object=key).exclude(pk=imported.pk).order_by("-id")


def header_digest(header: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()
