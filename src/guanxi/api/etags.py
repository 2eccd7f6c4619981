"""Versions and conditions: what a client has seen, and whether that still holds."""

import hashlib
import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.api.problems import Problem
from guanxi.kernel.change import check_version
from guanxi.kernel.record import Record

#: A proxy that compresses may have put W/ in front; the version in it is still the one seen.
TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*(?:,|$)')


def tag_of(body: bytes, version: int | None) -> str:
    """`"7-1f2e…"`: the version of the record, then what was shown of it.

    The same version reads differently in another language, or after a linked row was renamed.
    """
    digest = hashlib.sha256(body).hexdigest()[:16]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def is_unchanged(request: HttpRequest, tag: str) -> bool:
    """Whether If-None-Match names this answer."""
    header = request.headers.get("If-None-Match", "")
    return header.strip() == "*" or tag.strip('"') in TAG.findall(header)


def names_version(request: HttpRequest) -> bool:
    return bool(request.headers.get("If-Match", "").strip())


def check_condition(request: HttpRequest, record: Record) -> None:
    """Raises Conflict where If-Match names other versions only, Problem 400 where it names none."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return
    versions = [tag.partition("-")[0] for tag in TAG.findall(header)]
    if not versions or not all(one.isascii() and one.isdecimal() for one in versions):
        sentence = _("Send back the ETag of the answer you have seen, in quotes.")
        raise Problem(400, "bad_condition", sentence)
    if str(record.version) not in versions:
        check_version(record, -1)


def require_condition(request: HttpRequest) -> None:
    """Raises Problem 428 where the request says nothing about what was seen."""
    if not names_version(request):
        sentence = _(
            "Child rows are replaced as a whole list: send If-Match with the ETag you have seen."
        )
        raise Problem(428, "condition_required", sentence)
