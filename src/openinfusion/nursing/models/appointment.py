# SPDX-License-Identifier: Apache-2.0
"""Appointments of suites, and a suite's own terms. The database lets no chair be taken twice at once."""
from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.nursing.domain.appointment import APPOINTMENT, SEATED
from openinfusion.nursing.domain.readiness import Standing
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_PLACED = Q(chair__isnull=False, nurse__isnull=False, starts_at__isnull=False, turnover_ends_at__isnull=False)


@tracked
class Appointment(Record):
    """One infusion of one patient in a suite. ``visit`` is the nurse's visit behind it, which holds the whole record.

    ``wished_at``: from when on the patient can come. ``infusion_minutes``: None until the order or a human says it;
    ``length_why``: where it comes from. ``before``: chair, nurse and beginning before the last move, so that it can be undone.
    ``made_visit``: the visit was made with this appointment alone, and is withdrawn with it. ``pinned_at``: the beginning that no
    plan changes, and ``pin_why``.
    """

    machine: ClassVar = APPOINTMENT
    number = models.TextField()
    site = ref("platform.Site")
    patient = ref("patients.Patient")
    therapy = ref("therapy.Therapy")
    prescription = ref("therapy.Prescription", null=True)
    visit = ref("nursing.NurseVisit", null=True)
    state = state_field(APPOINTMENT)
    purpose = models.TextField()
    task = models.TextField()
    wished_at = models.DateTimeField()
    chair = ref("sites.Chair", null=True)
    nurse = models.UUIDField(null=True)
    nurse_name = models.TextField(blank=True, default="")
    starts_at = models.DateTimeField(null=True)
    infusion_ends_at = models.DateTimeField(null=True)
    observation_ends_at = models.DateTimeField(null=True)
    turnover_ends_at = models.DateTimeField(null=True)
    first_dose = models.BooleanField(default=False)
    acuity = models.PositiveSmallIntegerField(default=1)
    infusion_minutes = models.PositiveSmallIntegerField(null=True)
    length_why = models.TextField(blank=True, default="")
    observation_minutes = models.PositiveSmallIntegerField(default=0)
    hold_why = models.TextField(blank=True, default="")
    before = models.JSONField(null=True)
    checked_in_at = models.DateTimeField(null=True)
    discharged_at = models.DateTimeField(null=True)
    light_at_booking = choice_field(Standing, blank=True, default="")
    made_visit = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True)
    pin_why = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="appointment_number_once"),
            models.UniqueConstraint(
                fields=["organization", "visit"], condition=~Q(state__in=("no_show", "cancelled", "refused")),
                name="appointment_one_of_a_visit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in SEATED]) | _PLACED, name="appointment_booked_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(
                    infusion_ends_at__gt=F("starts_at"), observation_ends_at__gte=F("infusion_ends_at"),
                    turnover_ends_at__gte=F("observation_ends_at"),
                ), name="appointment_times_in_order",
            ),
            models.CheckConstraint(condition=Q(pinned_at__isnull=True) | ~Q(pin_why=""), name="appointment_pin_has_a_reason"),
            models.CheckConstraint(condition=Q(acuity__gte=1, acuity__lte=3), name="appointment_acuity"),
            models.CheckConstraint(
                condition=~Q(state__in=("checked_in", "pre_med", "infusing", "observing", "discharged")) | Q(visit__isnull=False),
                name="appointment_in_chair_has_a_visit",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "site", "starts_at"], name="appointment_by_day"),
            models.Index(fields=["state", "wished_at"], name="appointment_by_state"),
            models.Index(fields=["nurse", "starts_at"], name="appointment_by_nurse"),
            models.Index(fields=["therapy"], name="appointment_by_therapy"),
        ]

    def __str__(self) -> str:
        return self.number


@tracked
class SuiteTermsRow(Record):
    """A suite's own hours, minutes and acuity from a day on; what is not on file follows the house."""

    site = ref("platform.Site")
    effective_from = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    latest = models.TimeField()
    nurse_acuity = models.PositiveSmallIntegerField()
    setup_minutes = models.PositiveSmallIntegerField()
    disconnect_minutes = models.PositiveSmallIntegerField()
    turnover_minutes = models.PositiveSmallIntegerField()
    observation_minutes = models.PositiveSmallIntegerField()
    grace_minutes = models.PositiveSmallIntegerField()
    prep_minutes = models.PositiveSmallIntegerField()
    benches = models.PositiveSmallIntegerField()
    source = models.TextField()
    set_by_name = models.TextField()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "site", "effective_from"], name="suite_terms_once_a_day"),
            models.CheckConstraint(condition=Q(nurse_acuity__gte=1, nurse_acuity__lte=20), name="suite_terms_acuity"),
        ]

    def __str__(self) -> str:
        return f"terms from {self.effective_from:%d-%b-%Y}"
