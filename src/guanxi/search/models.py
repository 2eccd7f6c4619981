from django.db import models


class Layout(models.Model):
    """Which fields, under which class letters, the stored documents of one object were made of."""

    object = models.CharField(max_length=80, primary_key=True)
    fields = models.TextField()


class Recent(models.Model):
    """A record somebody has opened; the newest few of each person are kept."""

    person_id = models.BigIntegerField()
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person_id", "object", "record_id"), name="recent_once"
            ),
        )
        indexes = (models.Index(fields=("person_id", "-at"), name="recent_newest"),)
