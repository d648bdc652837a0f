# SPDX-License-Identifier: Apache-2.0
"""The competency matrix, and the sheet on which a person attests their garbing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import today
from openinfusion.platform.house_day import house_today
from openinfusion.platform.models import Site
from openinfusion.team.domain.competency import requirements
from openinfusion.team.domain.garb import garb_items
from openinfusion.team.queries.matrix import Cell, garbed_today, matrix, results_of, shortest_months
from openinfusion.team.queries.people import PersonFact
from openinfusion.team.web.forms import GarbForm


@dataclass(frozen=True, slots=True)
class Column:
    """An element: how often it is due, and from where the rule is."""

    label: str
    months: int
    unverified: bool


@dataclass(frozen=True, slots=True)
class MatrixPage:
    columns: tuple[Column, ...]
    rows: tuple[tuple[PersonFact, tuple[Cell, ...]], ...]
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class GarbPage:
    """``attested``: nothing, for ordinary work, or for hazardous work too."""

    site: str
    day: date
    hazardous: bool
    items: tuple[str, ...]
    attested: str
    form: GarbForm | None


def matrix_page() -> MatrixPage:
    rows = tuple(matrix())
    standing = {r.element: r.source.standing for r in requirements()}
    cells = [c for _, mine in rows for c in mine]
    return MatrixPage(
        tuple(Column(label, months, standing[e].value == "unverified") for e, (months, label, _) in shortest_months().items()),
        rows,
        sum(c.tone == "crit" for c in cells),
        sum(c.tone == "warn" for c in cells),
    )


def matrix_table() -> tuple[Sequence[str], Iterator[Sequence[object]]]:
    """Every result on record, for a surveyor: one line each with its counts."""
    head = ("name", "element", "day", "result", "left CFU", "right CFU", "surface CFU", "growth", "note", "observed by")
    labels = {e: label for e, (_, label, _) in shortest_months().items()}
    people = [p.id for p, _ in matrix()]

    def rows() -> Iterator[Sequence[object]]:
        for r in results_of(people, 20_000):
            counts = ("" if c is None else c for c in (r.left_cfu, r.right_cfu, r.surface_cfu))
            growth = {True: "yes", False: "no", None: ""}[r.growth]
            result = "passed" if r.passed else "failed"
            yield r.person.name, labels.get(r.element, r.element), r.on, result, *counts, growth, r.note, r.observer_name

    return head, rows()


def garb_page(by: Actor, hazardous: bool) -> GarbPage:
    site = Site.objects.filter(pk=by.site_id).first() if by.site_id else None
    if site is None:
        return GarbPage("", house_today(), hazardous, garb_items(hazardous), "", None)
    day = today(site.timezone)
    attested = garbed_today(by.id, site.id, day)
    words = "hazardous" if any(attested) else "ordinary" if attested else ""
    form = GarbForm(initial={"hazardous": hazardous})
    return GarbPage(site.name, day, hazardous, garb_items(hazardous), words, form)
