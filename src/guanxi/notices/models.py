"""What people are told, and how they want to be told it. Plain models: a notice is nobody's
business record, it belongs to the one who gets it."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One thing one person is told.

    `object` and `record_id` say what it is about; without a record `url` leads there. `values` fill
    the sentence of its kind; `count` is about how many records it is. `key`: the same key is told a
    person once ("" = always). `from_person_id` None: nobody in particular.
    """

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    object = models.CharField(max_length=80, blank=True)
    record_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=120, blank=True)
    from_person_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("person_id", "-id"), name="notice_of_person"),
            models.Index(
                fields=("person_id",), condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person_id", "key"), condition=~Q(key=""), name="notice_once"
            ),
        )
