# SPDX-License-Identifier: Apache-2.0
"""Cold stores, readings of them and of rooms, excursions, and the probes that send readings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openinfusion.platform.models import Record, choice_field, ref, tracked
from openinfusion.sites.domain.cold_store import ColdStoreKind
from openinfusion.sites.domain.reading import Measured, TakenBy

_SAYS_WHAT_WAS_DONE = Q(in_range=True) | ~Q(action_taken="") | Q(taken_by=TakenBy.PROBE.value)
_ONE_PLACE = Q(room__isnull=False, cold_store__isnull=True) | Q(room__isnull=True, cold_store__isnull=False)


@tracked
class ColdStore(Record):
    """A refrigerator, freezer or room that keeps stock in a band."""

    site = ref("platform.Site")
    name = models.TextField()
    kind = choice_field(ColdStoreKind)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "name"], name="cold_store_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Probe(Record):
    """Something that measures a room or a cold store and sends readings with a token of its own.

    Its account (``user_id``) holds no role: the token opens the one address for readings and nothing else.
    """

    site = ref("platform.Site")
    room = ref("sites.Cleanroom", null=True)
    cold_store = ref("sites.ColdStore", null=True)
    name = models.TextField()
    user_id = models.UUIDField()
    token_made_at = models.DateTimeField(null=True)
    token_hint = models.TextField(default="", blank=True)  # the last letters, to tell tokens apart
    last_seen_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "name"], name="probe_name_once"),
            models.UniqueConstraint(fields=["user_id"], name="probe_account_once"),
            models.CheckConstraint(condition=_ONE_PLACE, name="probe_in_one_place"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class TemperatureReading(Record):
    """One reading of a cold store; out of range, a person's says what was done."""

    cold_store = ref("sites.ColdStore")
    at = models.DateTimeField()
    celsius = models.DecimalField(max_digits=6, decimal_places=2)
    in_range = models.BooleanField()
    action_taken = models.TextField(blank=True)
    taken_by = choice_field(TakenBy, default=TakenBy.HAND.value)
    read_by = models.UUIDField()
    reader_name = models.TextField(default="", blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=_SAYS_WHAT_WAS_DONE, name="excursion_has_action"),
            models.UniqueConstraint(
                fields=["cold_store", "at"], condition=~Q(taken_by=TakenBy.HAND.value), name="temperature_once_an_instant"
            ),
        ]
        indexes = [models.Index(fields=["cold_store", "-at"], name="temperature_of_store")]

    def __str__(self) -> str:
        return f"{self.celsius} °C"


@tracked
class RoomReading(Record):
    """One reading of a room: pressure, temperature or humidity in its own unit."""

    room = ref("sites.Cleanroom")
    measured = choice_field(Measured)
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=8, decimal_places=4)
    in_range = models.BooleanField()
    action_taken = models.TextField(blank=True)
    taken_by = choice_field(TakenBy, default=TakenBy.HAND.value)
    read_by = models.UUIDField()
    reader_name = models.TextField(default="", blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=_SAYS_WHAT_WAS_DONE, name="room_excursion_has_action"),
            models.UniqueConstraint(
                fields=["room", "measured", "at"],
                condition=~Q(taken_by=TakenBy.HAND.value),
                name="room_reading_once_an_instant",
            ),
        ]
        indexes = [models.Index(fields=["room", "measured", "-at"], name="reading_of_room")]

    def __str__(self) -> str:
        return f"{self.value} {Measured(self.measured).unit}"


@tracked
class Excursion(Record):
    """A stretch during which a place was out of range; without an end it goes on. Of one measure only one goes on."""

    site = ref("platform.Site")
    room = ref("sites.Cleanroom", null=True)
    cold_store = ref("sites.ColdStore", null=True)
    measured = choice_field(Measured)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    worst = models.DecimalField(max_digits=8, decimal_places=4)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(condition=_ONE_PLACE, name="excursion_in_one_place"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="excursion_ends_after"),
            models.UniqueConstraint(
                fields=["room", "cold_store", "measured"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="excursion_one_going_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measured} excursion"
