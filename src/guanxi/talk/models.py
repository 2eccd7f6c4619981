"""What people say and put beside a record. Plain models, of any object, read and written only by
`talk.entries`."""

from django.db import models

from guanxi.kernel.models import StoredFile


class Entry(models.Model):
    """A comment (text) or an attachment (file) on one record, under the record's rights.

    `mentions`: [[person id, what stands behind the @]]. A deleted entry keeps its row, so that it
    can come back; `deleted_by_id` says who may bring it.
    """

    book = models.PositiveSmallIntegerField(default=1)
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    author = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(blank=True)
    mentions = models.JSONField(default=list)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    deleted_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=("object", "record_id", "-id"), name="entry_of_record"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(file__isnull=False), name="entry_says"
            ),
        )
