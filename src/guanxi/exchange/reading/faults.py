"""What can be wrong with a file, and how much of one is read."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MEBIBYTE = 2**20

MESSAGES = {
    "empty": _("The file is empty."),
    "header_only": _("The file has a heading but no row below it."),
    "named_workbook": _(
        "The name ends in %(ending)s, but the file is plain text with a single line, no workbook. "
        "Open it in Excel or WPS and save it again."
    ),
    "too_large": _("The file is larger than %(limit)s MB. Split it into several files."),
    "too_many_cells": _(
        "The sheet reaches to cell %(cell)s, more than %(limit)s cells in all. Delete the "
        "cells far outside the table, or split the file."
    ),
    "zip_bomb": _(
        "The file would unpack to far more data than a spreadsheet holds. It was not opened."
    ),
    "damaged": _("The file is damaged or incomplete. Open it in Excel or WPS and save it again."),
    "encrypted": _("The file is protected with a password. Save it without one and try again."),
    "not_a_workbook": _(
        "This is an archive but no XLSX or ODS workbook. Unpack it and take the table inside."
    ),
    "web_page": _(
        "This is a web page or XML with the name of a spreadsheet. Open it in Excel or WPS "
        "and save it as XLSX."
    ),
    "unsupported": _(
        "A file of the kind %(kind)s is no table. XLSX, XLS, ODS and CSV can be read."
    ),
    "binary": _("The file holds no text. XLSX, XLS, ODS and CSV can be read."),
    "nul": _("Line %(line)s holds a NUL character. The file is damaged there."),
    "undecodable": _("Line %(line)s holds bytes that are no %(encoding)s text."),
    "unknown_encoding": _(
        "The character encoding of the file is unclear. Save it as UTF-8 or choose it."
    ),
    "field_too_long": _("A field in line %(line)s is longer than %(limit)s characters."),
    "open_quote": _("A quotation mark opens in the row of line %(line)s and is never closed."),
    "no_sheet": _("The workbook has no sheet named %(sheet)s."),
    "no_header": _("Line %(line)s holds no heading."),
    "too_many_fields": _(
        "The row has %(found)s fields, the heading only %(expected)s. A separator inside a "
        "text must stand between quotation marks."
    ),
    "cell_too_long": _("Row %(line)s has a text too long for XLSX. Use CSV instead."),
    "unreadable": _(
        "The workbook could not be read: it is damaged, or far larger than it looks. Open it "
        "in Excel or WPS and save it again."
    ),
}


class ReadFault(Exception):
    """The file, or one row of it, can't be read.

    ``code`` is a word of ``MESSAGES``, ``message`` the sentence for people in the language of
    the moment, ``line`` the 1-based line or row number where one is known.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def line(self) -> int | None:
        return self.params.get("line")

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code]) % self.params

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class BadCell:
    """A cell that holds no value, such as #N/A: ``text`` as the sheet shows it."""

    text: str

    @property
    def reason(self) -> str:
        return str(_("The cell holds the error %(text)s instead of a value.")) % {"text": self.text}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """``file``, ``unpacked``: bytes; ``field``: characters; ``cells``: rows times columns of a
    sheet, which the spreadsheet reader keeps in memory at about 40 bytes each; ``memory``
    (bytes) and ``seconds``: what the process that reads a workbook may use."""

    file: int = 100 * MEBIBYTE
    unpacked: int = 1024 * MEBIBYTE
    ratio: int = 300
    field: int = 10 * MEBIBYTE
    cells: int = 10_000_000
    parts: int = 10_000
    memory: int = 3 * 1024 * MEBIBYTE
    seconds: int = 300
