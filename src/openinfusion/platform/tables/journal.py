# SPDX-License-Identifier: Apache-2.0
"""The journal: one append-only, hash-chained row for every thing that was done; its chain's head; news not yet told."""

from __future__ import annotations

from typing import Any

from django.db import models

from openinfusion.kernel.ids import new_id
from openinfusion.platform.clock import now
from openinfusion.platform.record import OrganizationField


class Entry(models.Model):
    """Why something changed: who, which verb, from and to, reason, signature, the facts used, in a sentence.

    Subjects are named by text and id, without foreign keys, so that the journal outlives what it tells of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = OrganizationField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    patient_id = models.UUIDField(null=True)
    actor_id = models.UUIDField()
    actor_name = models.TextField()
    from_state = models.TextField(default="")
    to_state = models.TextField(default="")
    sentence = models.TextField()
    reason = models.TextField(default="")
    signature = models.TextField(default="")
    noted: models.JSONField[Any, Any] = models.JSONField(default=dict)
    news: models.JSONField[Any, Any] = models.JSONField(default=list)
    body_sha256 = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="entry_number_once")]
        indexes = [
            models.Index(fields=["organization", "patient_id", "at"], name="entry_patient"),
            models.Index(fields=["organization", "subject_id", "at"], name="entry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class Head(models.Model):
    """The last entry's number and hash, kept apart so that a chain that was cut off at its end is found out."""

    organization = OrganizationField(primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"head {self.number}"


class Untold(models.Model):
    """News committed with its entry and not yet handled by everyone; deleted when it is."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", primary_key=True)
    organization = OrganizationField()
    since = models.DateTimeField(default=now)
    tries = models.PositiveIntegerField(default=0)
    trouble = models.TextField(default="")

    def __str__(self) -> str:
        return f"untold {self.entry_id}"


class Told(models.Model):
    """One handler has handled one piece of news: at least once in delivery, exactly once in effect."""

    id = models.BigAutoField(primary_key=True)
    organization = OrganizationField()
    entry_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    handler = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry_id", "position", "handler"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.handler} told of {self.entry_id}"


class Call(models.Model):
    """An idempotency key that was used: the same call again gets the same answer, another body is refused."""

    id = models.BigAutoField(primary_key=True)
    organization = OrganizationField()
    actor_id = models.UUIDField()
    key = models.TextField()
    action = models.TextField()
    fingerprint = models.CharField(max_length=64)
    answer: models.JSONField[Any, Any] = models.JSONField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "actor_id", "key"], name="call_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
