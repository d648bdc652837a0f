# SPDX-License-Identifier: Apache-2.0
"""Payers and their plans as frozen facts."""
from __future__ import annotations

from uuid import UUID

from openinfusion.kernel.refusal import NotFound
from openinfusion.payers import models
from openinfusion.payers.domain.contract import PayerFact, PlanFact
from openinfusion.platform.rows import row_by_id
from openinfusion.platform.scope import read_once


def payer_fact(row: models.Payer) -> PayerFact:
    return PayerFact(row.id, row.code, row.name, row.type, row.x12_id)


def payer_by_id(id: UUID) -> models.Payer:
    row = models.Payer.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(f"payer {id}")
    return row


def all_payers(text: str = "") -> list[PayerFact]:
    rows = models.Payer.objects.order_by("name")
    return [payer_fact(row) for row in (rows.filter(name__icontains=text) if text else rows)]


def plan_fact(row: models.Plan) -> PlanFact:
    return PlanFact(
        row.id,
        row.code,
        row.name,
        row.payer_id,
        row.payer.name,
        row.payer.type,
        row.payer.x12_id,
        row.filing,
        row.benefit,
    )


@read_once
def plan_row(id: UUID) -> models.Plan:
    row = row_by_id(models.Plan, id)
    payer = row and row_by_id(models.Payer, row.payer_id)
    if row is None or payer is None:
        raise NotFound(f"plan {id}")
    row.payer = payer
    return row


def all_plans(payer_key: UUID | None = None) -> list[PlanFact]:
    rows = models.Plan.objects.select_related("payer").order_by("payer__name", "name")
    return [plan_fact(row) for row in (rows.filter(payer_id=payer_key) if payer_key else rows)]
