# SPDX-License-Identifier: Apache-2.0
"""Therapy templates: the versions that are or were in force, and the drafts of new ones. Two people a version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.catalog.domain.drug import TherapyClass
from openinfusion.catalog.domain.template_draft import TEMPLATE_DRAFT, TemplateDraftFacts, TemplateDraftState
from openinfusion.catalog.models.drug import texts
from openinfusion.catalog.models.figure import Figure
from openinfusion.kernel.machine import Machine
from openinfusion.kernel.standing import Standing
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_OPEN = [TemplateDraftState.DRAFT.value, TemplateDraftState.PROPOSED.value]


class TemplateContent(models.Model):
    """What a version and a draft have in common: its class and everything a pharmacist writes into it."""

    therapy_class = choice_field(TherapyClass)
    name = models.TextField()
    required_items = texts()
    kit = models.JSONField(default=list)  # ndc11, quantity, per
    labs = models.JSONField(default=list)  # loinc, name, every_days
    teaching = texts()
    goals = texts()
    labels = models.JSONField(default=list)  # text, when
    visits_per_week = models.PositiveSmallIntegerField()
    nursing_task = models.TextField()
    first_dose_attended = models.BooleanField()

    class Meta:
        abstract = True


@tracked
class Template(TemplateContent, Figure):
    """One version of a class's template. ``drafted_by`` is empty for what came on file."""

    per_diem = models.TextField()
    by_interval = models.JSONField(default=list)
    by_litres = models.JSONField(default=list)
    drafted_by = models.UUIDField(null=True, editable=False)
    drafter_name = models.TextField(default="", editable=False)

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "therapy_class", "effective_from"], name="catalog_template_once"
            ),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True)
                | (Q(status=Standing.SIGNED.value) & Q(signed_by__isnull=False) & ~Q(signed_by=F("drafted_by"))),
                name="catalog_template_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"the template of {self.name.lower()}"


@tracked
class TemplateDraft(TemplateContent, Record):
    """A new version on its way. ``based_on`` is the version it was compared with, ``made`` the one it became."""

    machine: ClassVar[Machine[TemplateDraftState, TemplateDraftFacts]] = TEMPLATE_DRAFT

    state = state_field(TEMPLATE_DRAFT)
    effective_from = models.DateField()
    source = models.TextField()
    why = models.TextField()
    based_on = ref("catalog.Template")
    made = ref("catalog.Template", null=True)
    drafted_by = models.UUIDField(editable=False)
    drafter_name = models.TextField(editable=False)
    signed_by = models.UUIDField(null=True, editable=False)
    signer_name = models.TextField(default="", editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "therapy_class"], condition=Q(state__in=_OPEN), name="catalog_one_open_template_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state=TemplateDraftState.SIGNED.value)
                | (Q(signed_by__isnull=False) & ~Q(signed_by=F("drafted_by")) & Q(made__isnull=False)),
                name="catalog_template_draft_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"the template of {self.name.lower()} from {self.effective_from.isoformat()}"
