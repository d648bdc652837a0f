# SPDX-License-Identifier: Apache-2.0
"""Reads about counting: sheets, what is due by its class, and the class of each product."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Max, Sum

from openinfusion.inventory.domain.abc import classes, due_on
from openinfusion.inventory.domain.count import Counted, CountFacts
from openinfusion.inventory.models import CountLine, CountSheet, Movement, OnHand
from openinfusion.inventory.queries import today_at, zone_at
from openinfusion.kernel.money import Money
from openinfusion.platform.clock import now

YEAR = timedelta(days=365)


def counted(line: CountLine) -> Counted:
    return Counted(line.book_amount, line.counted_amount, line.second_book_amount, line.second_amount, line.reason)


def count_facts(row: CountSheet, actor: UUID) -> CountFacts:
    lines = tuple(counted(line) for line in CountLine.objects.filter(sheet=row))
    return CountFacts(lines, row.counted_by, row.recounted_by, actor)


def class_of_products(site_id: UUID) -> dict[UUID, str]:
    """The class of every product with stock at a site, by the value issued in a year."""
    used: dict[UUID, Money] = defaultdict(lambda: Money(0))
    for r in OnHand.objects.filter(location__site_id=site_id).values("lot__product_id").distinct():
        used[r["lot__product_id"]] += Money(0)
    issued = Movement.objects.filter(kind="issue", location__site_id=site_id, made_at__gte=now() - YEAR)
    for r in issued.values("lot__product_id").annotate(cents=Sum(F("on_hand_amount") * F("lot__cost_cents"))):
        used[r["lot__product_id"]] += Money(int(-r["cents"]))
    return classes(used)


@dataclass(frozen=True, slots=True)
class CountDue:
    """Products of one class in one place that are to be counted."""

    location_id: UUID
    place: str
    klass: str
    products: int
    value: Money
    due_on: date


def counts_due(site_id: UUID, until: date | None = None) -> list[CountDue]:
    """Places and classes with something to count, the longest overdue first."""
    until, zone = until or today_at(site_id), zone_at(site_id)
    known = class_of_products(site_id)
    last = {
        (r["lot__product_id"], r["sheet__location_id"]): r["at"].astimezone(zone).date() for r in CountLine.objects.filter(
            sheet__state="posted", sheet__location__site_id=site_id,
        ).values("lot__product_id", "sheet__location_id").annotate(at=Max("sheet__posted_at"))
    }
    found: dict[tuple[UUID, str, str], list[tuple[UUID, date, Decimal]]] = defaultdict(list)
    rows = OnHand.objects.filter(location__site_id=site_id, on_hand_amount__gt=0, lot__schedule="")
    for r in rows.exclude(location__kind__in=["in_transit", "patient_home"]).select_related("lot", "location"):
        klass = known[r.lot.product_id]
        due = due_on(klass, last.get((r.lot.product_id, r.location_id)), r.made_at.astimezone(zone).date())
        if due <= until:
            found[r.location_id, r.location.name, klass].append((r.lot.product_id, due, r.on_hand_amount * r.lot.cost_cents))
    return sorted((
        CountDue(place_id, place, klass, len({p for p, _, _ in lines}), Money(int(sum(v for _, _, v in lines))),
                 min(d for _, d, _ in lines))
        for (place_id, place, klass), lines in found.items()
    ), key=lambda d: (d.klass, d.due_on, d.place))
