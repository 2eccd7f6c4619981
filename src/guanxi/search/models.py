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


class Star(models.Model):
    """A record somebody keeps at hand. Pinned ones come first, in the order of `position`."""

    person_id = models.BigIntegerField()
    object = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    pinned = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person_id", "object", "record_id"), name="star_once"),
        )
        indexes = (
            models.Index(fields=("person_id", "-pinned", "position", "-id"), name="star_order"),
        )
