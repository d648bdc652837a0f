# SPDX-License-Identifier: Apache-2.0
"""The road: links of custody, routes with their stops, what comes back, and what the loggers measured."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, F, Q

from openinfusion.delivery.domain.coming_back import RETURN, ReturnKind
from openinfusion.delivery.domain.logger import Verdict
from openinfusion.delivery.domain.route import StopKind
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked


class Custody(Record):
    """One link of the chain: who handed the package to whom. Written once."""

    written_once: ClassVar = True
    ticket = ref("delivery.DeliveryTicket")
    at = models.DateTimeField()
    giver = models.TextField()
    taker = models.TextField()
    place = models.TextField(blank=True, default="")
    seal = models.TextField(blank=True, default="")
    seal_intact = models.BooleanField(null=True)
    note = models.TextField(blank=True, default="")
    noted_by = models.UUIDField()

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["ticket"], name="custody_by_ticket")]
        triggers = [pgtrigger.Protect(name="custody_is_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.giver} to {self.taker}"


@tracked
class DeliveryRoute(Record):
    """A driver's way of one day, from the site and back."""

    site = ref("platform.Site")
    day = models.DateField()
    name = models.TextField()
    driver = models.UUIDField()
    driver_name = models.TextField()
    vehicle = models.TextField(blank=True, default="")
    leaves_at = models.DateTimeField()
    breaks = models.JSONField(default=list)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "site", "day", "name"], name="route_name_once")]
        indexes = [models.Index(fields=["day", "site"], name="route_by_day")]

    def __str__(self) -> str:
        return f"route {self.name} of {self.day:%d-%b-%Y}"


@tracked
class Stop(Record):
    """One stop of a route: a delivery, or something to pick up."""

    route = ref("delivery.DeliveryRoute")
    position = models.PositiveSmallIntegerField()
    kind = choice_field(StopKind)
    ticket = ref("delivery.DeliveryTicket", null=True)
    coming_back = ref("delivery.ComingBack", null=True)
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    service_minutes = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["route", "position"], name="stop_position_once", deferrable=Deferrable.DEFERRED),
            models.UniqueConstraint(
                fields=["ticket"], name="stop_of_ticket_once", condition=Q(done_at__isnull=True, ticket__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["coming_back"], name="stop_of_return_once", condition=Q(done_at__isnull=True, coming_back__isnull=False)
            ),
            models.CheckConstraint(
                name="stop_for_one_thing",
                condition=Q(kind="delivery", ticket__isnull=False, coming_back__isnull=True)
                | Q(kind="pick_up", ticket__isnull=True, coming_back__isnull=False),
            ),
            models.CheckConstraint(name="stop_window", condition=Q(window_from__lt=F("window_to"))),
        ]

    def __str__(self) -> str:
        return f"stop {self.position}"


@tracked
class ComingBack(Record):
    """Something that comes back: a device to pick up, a box that was not handed over."""

    machine: ClassVar = RETURN
    patient = ref("patients.Patient")
    site = ref("platform.Site")
    ticket = ref("delivery.DeliveryTicket", null=True)
    kind = choice_field(ReturnKind)
    text = models.TextField()
    quantity = models.PositiveIntegerField(default=1)
    pump_id = models.UUIDField(null=True)
    line = ref("delivery.TicketLine", null=True)
    left_home = models.BooleanField(default=True)
    wanted_on = models.DateField()
    disposition = models.TextField(blank=True, default="")
    collected_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    state = state_field(RETURN)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="return_received_says_where", condition=~Q(state="received") | ~Q(disposition="")),
            models.CheckConstraint(
                name="return_from_home_is_not_stock",
                condition=Q(left_home=False) | Q(kind="shipper") | ~Q(disposition__in=("stock", "back_on_ticket")),
            ),
        ]
        indexes = [models.Index(fields=["state", "wanted_on"], name="return_by_state")]

    def __str__(self) -> str:
        return self.text


@tracked
class LoggerRecord(Record):
    """What a package's logger measured, what it means, and what a pharmacist decided where it left its range."""

    ticket = ref("delivery.DeliveryTicket")
    serial = models.TextField()
    file_id = models.UUIDField(null=True)
    times: models.Field[list[datetime], list[datetime]] = ArrayField(models.DateTimeField())
    celsius: models.Field[list[Decimal], list[Decimal]] = ArrayField(models.DecimalField(max_digits=5, decimal_places=2))
    storage = models.TextField()
    low_c = models.DecimalField(max_digits=5, decimal_places=2)
    high_c = models.DecimalField(max_digits=5, decimal_places=2)
    kinetic_c = models.DecimalField(max_digits=5, decimal_places=1)
    minutes_out = models.PositiveIntegerField()
    verdict = choice_field(Verdict)
    why: models.Field[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    usable = models.BooleanField(null=True)
    decision = models.TextField(blank=True, default="")
    decided_by = models.UUIDField(null=True)
    decider_name = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["ticket"], name="logger_record_once"),
            models.CheckConstraint(
                name="logger_decided_by_somebody",
                condition=Q(usable__isnull=True) | (Q(decided_by__isnull=False) & ~Q(decision="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "made_at"], name="logger_undecided", condition=Q(verdict="excursion", usable__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"the readings of logger {self.serial}"
