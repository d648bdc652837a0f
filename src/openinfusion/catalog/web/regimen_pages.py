# SPDX-License-Identifier: Apache-2.0
"""What the pages of regimens receive: the library, and one regimen with the calendar of a cycle."""
from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openinfusion.catalog import queries
from openinfusion.catalog.domain.hazard import Hazard
from openinfusion.catalog.domain.regimen import Emetogenic, Regimen, RegimenLine
from openinfusion.catalog.permissions import SIGN
from openinfusion.platform.actor import Actor
from openinfusion.platform.ui.parts import Act

_WEEK = 7
_EMETOGENIC_TONES = {Emetogenic.HIGH: "crit", Emetogenic.MODERATE: "warn", Emetogenic.LOW: "info", Emetogenic.MINIMAL: "idle"}


@dataclass(frozen=True, slots=True)
class LibraryRow:
    regimen: Regimen
    drugs: tuple[str, ...]
    tone: str  # of the emetogenic risk


@dataclass(frozen=True, slots=True)
class LibraryPage:
    text: str
    rows: tuple[LibraryRow, ...]


def library_page(text: str) -> LibraryPage:
    """Regimens whose name, indication or drug holds a text."""
    names = {d.code: d.tall_man for d in queries.all_drugs()}
    found = [
        LibraryRow(r, tuple(names.get(c, c) for c in r.drug_codes), _EMETOGENIC_TONES[r.emetogenic])
        for r in queries.all_regimens()
    ]
    wanted = text.strip().lower()
    return LibraryPage(text, tuple(row for row in found if wanted in _said(row)))


def _said(row: LibraryRow) -> str:
    return " ".join((row.regimen.name, *row.regimen.indications, *row.drugs, *row.regimen.drug_codes)).lower()


@dataclass(frozen=True, slots=True)
class LineRow:
    """One drug of a cycle: on which of the shown days it is given."""

    line: RegimenLine
    drug_name: str
    hazard: Hazard | None
    marks: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class RegimenPage:
    regimen: Regimen
    tone: str
    days: tuple[int, ...]  # the days the calendar shows
    rests_from: int  # the first day after them; 0 where the calendar shows the whole cycle
    lines: tuple[LineRow, ...]
    acts: tuple[Act, ...]


def regimen_page(code: str, by: Actor) -> RegimenPage:
    row = queries.regimen_row(code)
    regimen = queries.regimen_fact(row)
    names, hazards = {d.code: d.tall_man for d in queries.all_drugs()}, queries.hazards()
    shown = min(regimen.cycle_days, -(-regimen.last_day // _WEEK) * _WEEK)
    days = tuple(range(1, shown + 1))
    lines = tuple(
        LineRow(line, names.get(line.drug_code, line.drug_code), hazards.get(line.drug_code), tuple(d in line.days for d in days))
        for line in sorted(regimen.lines, key=lambda x: (x.order, x.number))
    )
    sign = Act("sign", "Sign as valid here", reverse("catalog:regimen_sign", args=[code, row.id]), "ok", sign="valid here")
    open_to_sign = by.may(SIGN.code) and regimen.source.standing.value != "signed"
    return RegimenPage(
        regimen, _EMETOGENIC_TONES[regimen.emetogenic], days, shown + 1 if shown < regimen.cycle_days else 0, lines,
        (sign,) if open_to_sign else (),
    )
