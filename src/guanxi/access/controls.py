"""What `ui/_field.html` shows, for pages whose fields are no columns of one object."""

from collections.abc import Iterable, Mapping
from typing import Any

Control = dict[str, Any]


def choice(
    name: str, label: Any, options: Mapping[str, Any], *, value: str, **more: Any
) -> Control:
    """A drop-down of value -> label without an empty entry; values are grouped before a slash."""
    return {
        "name": name,
        "label": label,
        "widget": "choice",
        "complete": True,
        "value": value,
        "options": [
            {
                "value": key,
                "label": text,
                "selected": key == value,
                "group": key.partition("/")[0] if "/" in key else "",
            }
            for key, text in options.items()
        ],
        **more,
    }


def text(name: str, label: Any, *, value: Any, widget: str = "text", **more: Any) -> Control:
    return {"name": name, "label": label, "widget": widget, "value": value or "", **more}


def with_errors(controls: Iterable[Control], errors: Mapping[str, Any]) -> list[Control]:
    return [
        control | {"error": " ".join(errors[control["name"]])}
        if control["name"] in errors
        else control
        for control in controls
    ]
