# SPDX-License-Identifier: Apache-2.0
"""Master formulations: the versions that are or were in force, and the drafts of new ones. Two people a version."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from openinfusion.catalog.domain.draft import DraftFacts, DraftState
from openinfusion.catalog.domain.drug import Route
from openinfusion.catalog.domain.formula_draft import FORMULA_DRAFT
from openinfusion.catalog.domain.product import Storage
from openinfusion.catalog.models.drug import texts
from openinfusion.catalog.models.figure import Figure
from openinfusion.kernel.machine import Machine
from openinfusion.kernel.standing import Standing
from openinfusion.platform.models import Record, choice_field, ref, state_field, tracked

_OPEN = [DraftState.DRAFT.value, DraftState.PROPOSED.value]


def amount(*, null: bool = False) -> Any:
    return models.DecimalField(max_digits=18, decimal_places=6, null=null)


class FormulaContent(models.Model):
    """What a version and a draft have in common: how the drug is made, of what, in what, and how it is checked."""

    drug = ref("catalog.Drug")
    route = choice_field(Route)
    method = models.TextField()
    diluent = ref("catalog.Product", null=True)
    container = models.TextField()
    final_volume_ml = amount()
    max_amount = amount()
    max_unit = models.TextField()
    infusion_minutes = models.PositiveIntegerField()
    storage = choice_field(Storage)
    category = models.PositiveSmallIntegerField()
    device = ref("catalog.Product")
    mixing = texts()
    equipment = texts()
    quality_checks = texts()
    label_text = texts()
    withdraw = models.TextField(default="policy")
    closed_system = models.BooleanField(default=False)
    weighed = models.BooleanField(default=False)
    specific_gravity = amount(null=True)
    tolerance_percent = amount(null=True)

    class Meta:
        abstract = True


def weighed_by_gravity(name: str) -> models.CheckConstraint:
    """What is weighed has a specific gravity to be judged by."""
    return models.CheckConstraint(condition=Q(weighed=False) | Q(specific_gravity__isnull=False), name=name)


@tracked
class Formula(FormulaContent, Figure):
    """One version of a drug's master formulation by a route. ``drafted_by`` is empty for what came on file."""

    drafted_by = models.UUIDField(null=True, editable=False)
    drafter_name = models.TextField(default="", editable=False)

    class Meta(Figure.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "drug", "route", "effective_from"], name="catalog_formula_once"),
            models.CheckConstraint(
                condition=Q(drafted_by__isnull=True)
                | (Q(status=Standing.SIGNED.value) & Q(signed_by__isnull=False) & ~Q(signed_by=F("drafted_by"))),
                name="catalog_formula_by_two",
            ),
            weighed_by_gravity("catalog_formula_weighed_by_gravity"),
        ]

    def __str__(self) -> str:
        return f"the formula of {self.drug} {self.route}"


@tracked
class FormulaDraft(FormulaContent, Record):
    """A new version on its way. ``based_on`` is the version it was compared with, ``made`` the one it became."""

    machine: ClassVar[Machine[DraftState, DraftFacts]] = FORMULA_DRAFT

    state = state_field(FORMULA_DRAFT)
    effective_from = models.DateField()
    source = models.TextField()
    why = models.TextField()
    based_on = ref("catalog.Formula")
    made = ref("catalog.Formula", null=True)
    drafted_by = models.UUIDField(editable=False)
    drafter_name = models.TextField(editable=False)
    signed_by = models.UUIDField(null=True, editable=False)
    signer_name = models.TextField(default="", editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "drug", "route"], condition=Q(state__in=_OPEN), name="catalog_one_open_formula_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.SIGNED.value)
                | (Q(signed_by__isnull=False) & ~Q(signed_by=F("drafted_by")) & Q(made__isnull=False)),
                name="catalog_formula_draft_by_two",
            ),
            weighed_by_gravity("catalog_formula_draft_weighed_by_gravity"),
        ]

    def __str__(self) -> str:
        return f"the formula of {self.drug} {self.route} from {self.effective_from.isoformat()}"
