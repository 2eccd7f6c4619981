"""Names that mean something in the address of a list or in a form; fields can't be called so.

They stand beside the fields in one address or form: a field of such a name would be read as the
other, silently. Start-up checks see to it that none is (`kernel.startup`).
"""

from collections.abc import Iterable, Iterator

#: The condition tree of an address.
CONDITIONS = "where"
OF_LISTS = frozenset(
    (
        *(CONDITIONS, "q", "void", "batch", "sort", "view", "within"),
        *("page", "per_page", "at", "after", "before", "total", "first", "last", "next"),
        *("measure", "by", "step", "then", "then_step", "column", "reset", "format"),
        *("tick", "all", "confirmed", "back", "reason", "reason_term"),
    )
)
OF_FORMS = frozenset(
    ("version", "return", "copy", "again", "_again", "_fields", "form_token", "not_alike", "on")
)
#: What a control adds to the name of its field: ends of a range, what was typed, levels.
ENDINGS = ("", "_from", "_to", "_op", "_currency", "__text", "__1", "__2", "__3", "__clear")


def name_problems(asked: Iterable[str], typed: Iterable[str]) -> Iterator[str]:
    """A sentence for each name that means two things. asked: conditions; typed: form fields."""
    for word, paths, reserved in (("filters", asked, OF_LISTS), ("form", typed, OF_FORMS)):
        known = dict.fromkeys(reserved, "a parameter of every list or form")
        for path in dict.fromkeys(paths):
            for name in (f"{path}{ending}" for ending in ENDINGS):
                if name in known:
                    yield f"{word}: {path} can't be called so, {name} is {known[name]}"
                known[name] = f"what {path} is asked by"
