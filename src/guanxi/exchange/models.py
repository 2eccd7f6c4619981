"""What people import: the file, how it is to be read, how far it got.

Plain models, seen by their owner only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    UPLOADED = "uploaded", pgettext_lazy("import", "uploaded")
    MAPPED = "mapped", pgettext_lazy("import", "columns assigned")
    TRYING = "trying", pgettext_lazy("import", "trial run under way")
    TRIED = "tried", pgettext_lazy("import", "tried")
    RUNNING = "running", pgettext_lazy("import", "under way")
    DONE = "done", pgettext_lazy("import", "done")
    FAILED = "failed", pgettext_lazy("import", "broken off")
    UNDOING = "undoing", pgettext_lazy("import", "being undone")
    UNDONE = "undone", pgettext_lazy("import", "undone")


class Outcome(models.TextChoices):
    CREATED = "created", pgettext_lazy("import", "new")
    UPDATED = "updated", pgettext_lazy("import", "updated")
    UNCHANGED = "unchanged", pgettext_lazy("import", "unchanged")
    SKIPPED = "skipped", pgettext_lazy("import", "skipped")
    REFUSED = "refused", pgettext_lazy("import", "refused")
    LEFT = "left", pgettext_lazy("import", "not undone")


class Import(models.Model):
    """One file on its way into one object.

    profile: what the file holds (see `profile.examine`); mapping: {column number: target}
    options: see `options.Options`; counts: {outcome: rows} of the last trial or run
    extra: {object key: rows} made along the way because a link named them
    cursor: where a broken-off run goes on; path: relative to MEDIA_ROOT
    """

    object = models.CharField(max_length=80)
    book = models.PositiveSmallIntegerField(default=1)
    person_id = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=Stage, default=Stage.UPLOADED)
    profile = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    extra = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    cursor = models.JSONField(null=True)
    left = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey("kernel.Batch", models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = (models.Index(fields=("person_id", "-id"), name="import_of_person"),)

    def __str__(self) -> str:
        return self.file_name


class ImportLine(models.Model):
    """How one line went: every refused and skipped one, the first of the others.

    `trial`: of the trial run. `line` counts as the file does.
    """

    run = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    trial = models.BooleanField(default=False)
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    title = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    record_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=("run", "trial", "outcome", "line"), name="import_line"),)

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"


class RememberedMapping(models.Model):
    """How this person assigned the columns of this heading the last time."""

    person_id = models.BigIntegerField(null=True)
    object = models.CharField(max_length=80)
    header = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person_id", "object", "header"), name="mapping_once"),
        )

    def __str__(self) -> str:
        return f"{self.object} {self.header[:8]}"


class Export(models.Model):
    """A list on its way into a file, when it is too long to wait for."""

    object = models.CharField(max_length=80)
    person_id = models.BigIntegerField(null=True)
    path = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200)
    query = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return self.file_name
