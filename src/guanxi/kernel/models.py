"""The kernel's own tables: journal, outbox, shares, duplicate keys, form tokens. Plain models."""

from django.db import models


class Batch(models.Model):
    """Many changes that are one act (import, bulk edit, undo) and can be undone as one."""

    at = models.DateTimeField(auto_now_add=True)
    book = models.PositiveSmallIntegerField(default=1)
    person_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    object = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")


class Change(models.Model):
    """One row per change of one record: who, when, where, what kind. The values lie in Payload."""

    at = models.DateTimeField()
    book = models.PositiveSmallIntegerField(default=1)
    person_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=100)
    surface = models.CharField(max_length=20)
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    event = models.CharField(max_length=80, blank=True)
    # The index of batches below serves the link, too.
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = (
            models.Index(fields=("object", "record_id", "-id"), name="change_of_record"),
            models.Index(fields=("batch", "id"), name="change_of_batch"),
            models.Index(fields=("-id",), condition=models.Q(verb="delete"), name="change_deleted"),
        )


class Payload(models.Model):
    """The difference of one change: {"field": [before, after]}, parts as {"part": [rows, rows]}.

    Apart from Change, so that personal values can be erased and the chain of changes stays whole.
    """

    change = models.OneToOneField(Change, models.CASCADE, primary_key=True, related_name="payload")
    diff = models.JSONField(default=dict)


class Outbox(models.Model):
    """An event that happened, until every subscriber has heard of it.

    `data`: {"person_id", "diff"} of an event that is neither a change nor a batch.
    """

    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=80)
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField(null=True)
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    heard = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    not_before = models.DateTimeField(auto_now_add=True)
    error = models.TextField(blank=True)


class StoredFile(models.Model):
    """An uploaded file; handed out only through a record that holds it (`pages.files`).

    settled: some record holds it or once held it, so it stays (`kernel.unused`).
    """

    book = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    by_person_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    settled = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=("at",), condition=models.Q(settled=False), name="file_unsettled"),
        )


class Share(models.Model):
    """A record shown to a person who is not its owner; `until` is checked at every read."""

    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    level = models.CharField(max_length=10, choices=[("read", "read"), ("write", "write")])
    until = models.DateField(null=True)
    by_person_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("object", "person_id", "record_id"), name="share_once"),
        )


class SameKey(models.Model):
    """A key of a record, for finding duplicates, as `same.digest_of` makes it of what is alike."""

    book = models.PositiveSmallIntegerField(default=1)
    object = models.CharField(max_length=80)
    digest = models.BigIntegerField()
    record_id = models.BigIntegerField()

    class Meta:
        # Three rows a customer: half as wide they cost an import a tenth less writing.
        indexes = (
            models.Index(fields=("digest",), name="same_digest"),
            models.Index(fields=("record_id",), name="same_record_id"),
        )


class FormToken(models.Model):
    """A form that has been sent: sent again, it leads to the record it made."""

    token = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    person_id = models.BigIntegerField(null=True)
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField(null=True)


class MyList(models.Model):
    """A saved query with its layout: conditions, columns, order under a name."""

    person_id = models.BigIntegerField()
    object = models.CharField(max_length=80)
    name = models.CharField(max_length=50)
    tree = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    order = models.CharField(max_length=80, blank=True)
    shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("person_id", "object"), name="my_list"),)


class ListLayout(models.Model):
    """The columns one person chose for one object's list."""

    person_id = models.BigIntegerField()
    object = models.CharField(max_length=80)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person_id", "object"), name="layout_once"),)


class NumberRule(models.Model):
    """How the numbers of an object are made, where an administrator has changed it."""

    book = models.PositiveSmallIntegerField(default=1)
    object = models.CharField(max_length=80)
    pattern = models.CharField(max_length=60)
    reset = models.CharField(max_length=8)
    gapless = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("book", "object"), name="number_rule_once"),)


class NumberCount(models.Model):
    """The count last taken in a period ("" = since ever, "2026", "202611", "20261122")."""

    book = models.PositiveSmallIntegerField(default=1)
    object = models.CharField(max_length=80)
    period = models.CharField(max_length=8, blank=True)
    last = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("book", "object", "period"), name="number_count_once"),
        )


class Company(models.Model):
    """Whose installation this is; one row an account set. `steps`: what of the set-up was skipped.

    `currency`: what amounts are in where nobody says otherwise; `currencies`: others they may be in.
    """

    book = models.PositiveSmallIntegerField(default=1, unique=True)
    name = models.CharField(max_length=120, blank=True)
    short_name = models.CharField(max_length=20, blank=True)
    logo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3, default="CNY")
    currencies = models.JSONField(default=list)
    steps = models.JSONField(default=dict)
