"""Reading tables that people bring along: see ``open_table``."""

from .cells import digits_lost, digits_reason, show
from .faults import BadCell, Limits, ReadFault
from .table import Row, Table, digest, open_table

__all__ = [
    "BadCell",
    "Limits",
    "ReadFault",
    "Row",
    "Table",
    "digest",
    "digits_lost",
    "digits_reason",
    "open_table",
    "show",
]
