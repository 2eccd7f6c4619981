"""The roots of every business table. There is no `.objects`: reads start at `rows(actor)`, writes
at `change()`."""

from contextlib import contextmanager
from contextvars import ContextVar
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import registry, scope
from guanxi.kernel.colours import COLOURS
from guanxi.kernel.fields import Boolean, Choice, Instant, LongText, Position, Text

if TYPE_CHECKING:
    from guanxi.kernel.actor import Actor

_writing: ContextVar[bool] = ContextVar("writing", default=False)

CLOSED = (
    "Business rows are written through change() or change_many() only "
    "(guanxi.kernel.change); this call bypassed them."
)


@contextmanager
def open_door():
    """Lets the kernel write. Nobody else may call it; lint refuses the import."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _refuse_outside() -> None:
    if not _writing.get():
        raise RuntimeError(CLOSED)


class GuardedQuerySet(models.QuerySet):
    """Reads as usual; every writing method is shut outside the door."""

    def live(self) -> Self:
        """Without invalidated rows."""
        return self.filter(voided_at__isnull=True)

    def create(self, **values: Any):
        _refuse_outside()
        return super().create(**values)

    def bulk_create(self, objs, *args: Any, **options: Any):
        _refuse_outside()
        return super().bulk_create(objs, *args, **options)

    def bulk_update(self, objs, fields, *args: Any, **options: Any):
        _refuse_outside()
        return super().bulk_update(objs, fields, *args, **options)

    def get_or_create(self, *args: Any, **options: Any):
        _refuse_outside()
        return super().get_or_create(*args, **options)

    def update_or_create(self, *args: Any, **options: Any):
        _refuse_outside()
        return super().update_or_create(*args, **options)

    def update(self, **values: Any) -> int:
        _refuse_outside()
        return super().update(**values)

    def delete(self):
        _refuse_outside()
        return super().delete()

    def _raw_delete(self, using):
        _refuse_outside()
        return super()._raw_delete(using)


class Guarded(models.Model):
    """What every business table shares: no public manager, no write outside the door."""

    _all = models.Manager.from_queryset(GuardedQuerySet)()
    #: Every table of ours has an `id`. Django's own asks the model for the name of its key each
    #: time: a fortieth of an import.
    pk = property(attrgetter("id"), models.Model._set_pk_val)  # type: ignore[arg-type]

    class Meta:
        abstract = True
        base_manager_name = default_manager_name = "_all"

    def save(self, *args: Any, **options: Any) -> None:
        _refuse_outside()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any):
        _refuse_outside()
        return super().delete(*args, **options)


class Record(Guarded):
    """One business object: versioned, owned by an account set, invalidated rather than deleted."""

    book = models.PositiveSmallIntegerField(default=1, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = Instant(_("created"), editable=False)
    updated_at = Instant(_("updated"), editable=False)
    voided_at = Instant(_("invalidated"), optional=True, editable=False)
    void_reason = Text(_("reason of invalidation"), max=200, optional=True, editable=False)
    extra = models.JSONField(default=dict, editable=False)

    class Meta(Guarded.Meta):
        abstract = True

    @classmethod
    def rows(cls, actor: "Actor", verb: str = "view") -> GuardedQuerySet:
        """The rows `actor` may use for `verb`, invalidated ones included. The only way to read."""
        return scope.rows(cls, actor, verb)

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    def __str__(self) -> str:
        return registry.title_of(self)


class Dictionary(Record):
    """A list of terms: name, code, remark, order by hand. A subclass needs a Meta and a Spec."""

    code = Text(_("code"), max=40, optional=True)
    name = Text(_("name"), max=50, by_pinyin=True)
    name_en = Text(_("English name"), max=80, optional=True)
    colour = Choice(_("colour"), choices=COLOURS, optional=True, max=20)
    is_default = Boolean(_("chosen by default"))
    remark = LongText(_("remark"), max=500)
    position = Position()

    class Meta(Record.Meta):
        abstract = True
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("book", "name"), name="%(app_label)s_%(class)s_name"),
        )


class Part(Guarded):
    """Rows without a life of their own (phones, addresses, lines), written in their owner's
    change()."""

    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta(Guarded.Meta):
        abstract = True
