from django.db import models


class Plan(models.Model):
    """One row: whether a backup is made every night, and how many of all of them are kept."""

    nightly = models.BooleanField(default=True)
    keep = models.PositiveSmallIntegerField(default=7)
