"""How rows of one object stand in the timeline of another: a talk in that of its customer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stream:
    """Paths of the child: when it was (an instant), who, what it is called, what was said, more.

    Stands on the `Tab` by which the child hangs on its parent.
    """

    at: str
    who: str
    what: str
    text: str
    notes: tuple[str, ...] = ()

    def __init__(self, at: str, *, who: str, what: str, text: str, notes: str = "") -> None:
        words = {"at": at, "who": who, "what": what, "text": text, "notes": tuple(notes.split())}
        for name, value in words.items():
            object.__setattr__(self, name, value)

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.at, self.who, self.what, self.text, *self.notes)
