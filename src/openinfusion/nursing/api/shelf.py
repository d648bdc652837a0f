# SPDX-License-Identifier: Apache-2.0
"""What a suite gave from its own shelf, as JSON; and what was scanned and not given."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from openinfusion.nursing.actions.shelf_back import take_back_package
from openinfusion.nursing.api.router import router
from openinfusion.nursing.domain.shelf_check import Became, GivenAs
from openinfusion.nursing.models import ShelfPackage
from openinfusion.nursing.permissions import READ


class ShelfPackageOut(Schema):
    """``thrown_away_amount``: in ``unit``. ``became``: what became of it where it was not given in the end."""

    id: UUID
    product_id: UUID
    lot_id: UUID
    order_id: UUID
    given_as: GivenAs
    given_on: date
    thrown_away_amount: str
    unit: str
    became: str
    became_why: str
    became_name: str
    became_at: datetime | None

    @staticmethod
    def resolve_thrown_away_amount(row: ShelfPackage) -> str:
        return f"{row.thrown_away_amount.normalize():f}"


class BackIn(Schema):
    """``became``: shelf (closed, it goes back) or waste."""

    became: Became
    why: str


def _of(visit_id: UUID) -> list[ShelfPackage]:
    return list(ShelfPackage.objects.filter(visit_id=visit_id).order_by("made_at", "id"))


@router.get("/visits/{visit_id}/shelf", response=list[ShelfPackageOut])
def shelf_packages(request: HttpRequest, visit_id: UUID) -> list[ShelfPackage]:
    """The packages of the suite's own stock on a visit's record, those that were taken back with them."""
    request.actor.must(READ)  # type: ignore[attr-defined]
    return _of(visit_id)


@router.post("/visits/{visit_id}/shelf/{package_id}/back", response=list[ShelfPackageOut])
def shelf_back(request: HttpRequest, visit_id: UUID, package_id: UUID, said: BackIn) -> list[ShelfPackage]:
    """A package that was scanned was not given: closed and put back, or thrown away. It is not charged."""
    take_back_package(visit_id=visit_id, package_id=package_id, became=said.became, why=said.why,
                      by=request.actor)  # type: ignore[attr-defined]
    return _of(visit_id)
