"""Columns that are worked out from other rows, such as when a customer was last spoken to."""

from collections.abc import Mapping
from typing import Any

from guanxi.kernel.record import open_door
from guanxi.kernel.spec import Spec


def put_derived(spec: Spec, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Sets such columns: {id: {column: value}}, the same columns for every row.

    What they are worked out from has been journaled; so there is no version, no journal and no
    right of their own, and nobody's open form is out of date. Only columns in `spec.derived`.
    """
    names = {name for line in values.values() for name in line}
    if not names <= set(spec.derived):
        raise ValueError(f"{spec.key}: {names - set(spec.derived)} are not derived.")
    if not values:
        return
    rows = [spec.model(pk=pk, **line) for pk, line in values.items()]
    with open_door():
        spec.model._all.bulk_update(rows, sorted(names), batch_size=200)
