"""Answers kept for callers that are not sure whether their request arrived."""

from django.db import models

from guanxi.kernel.sealing import SealedText


class KeptAnswer(models.Model):
    """What a request with this Idempotency-Key was answered; `request` is a digest of it."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = SealedText(blank=True)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person_id", "key"), name="answer_once"),)
        indexes = (models.Index(fields=("at",), name="answer_at"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"
