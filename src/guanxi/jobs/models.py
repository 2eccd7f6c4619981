"""The rows that background work lives in. Plain Django models, no business records."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy


class Lane(models.TextChoices):
    QUICK = "quick"
    BULK = "bulk"


class State(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("job", "waiting")
    RUNNING = "running", pgettext_lazy("job", "running")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", pgettext_lazy("job", "failed")
    CANCELLED = "cancelled", pgettext_lazy("job", "cancelled")


ACTIVE = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """One piece of work. Everything a worker must know to go on with it is in this row.

    `attempts` counts the claims since the cursor last moved. `person_id` None means the system
    itself. `expected_end` is an estimate for the reader, never a promise.
    """

    kind = models.CharField(max_length=100)
    lane = models.CharField(max_length=10, choices=Lane, default=Lane.QUICK)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True, default="")
    person_id = models.BigIntegerField(null=True, db_index=True)
    surface = models.CharField(max_length=20)
    language = models.CharField(max_length=20, blank=True, default="")
    batch_id = models.BigIntegerField(null=True, db_index=True)

    lease_owner = models.CharField(max_length=200, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    cursor = models.JSONField(null=True)

    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    message = models.CharField(max_length=500, blank=True, default="")
    expected_end = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=100, blank=True, default="")
    error_text = models.TextField(blank=True, default="")

    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=["queued", "running"]) & ~Q(key=""),
                name="jobs_job_one_active",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "not_before", "id"],
                condition=Q(state="queued"),
                name="jobs_job_waiting",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="running"), name="jobs_job_leases"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE


class Slot(models.Model):
    """The newest slot of a schedule that somebody has taken; the row is the claim."""

    name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "at"], name="jobs_slot_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at.isoformat()}"


class Turn(models.Model):
    """Whose turn it is to do what one process at a time does, in the whole installation."""

    name = models.CharField(max_length=200, unique=True)
    owner = models.CharField(max_length=200)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.owner}"
