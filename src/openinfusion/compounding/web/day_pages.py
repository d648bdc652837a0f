# SPDX-License-Identifier: Apache-2.0
"""The page of a day's plan at the bench, and its list for a spreadsheet."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.compounding.domain.day_plan import Batch, Rounding, Take
from openinfusion.compounding.queries.day import Day, day_of
from openinfusion.compounding.queries.work_order import WorkOrderFact
from openinfusion.kernel.quantity import shown_number
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.sites import public as sites


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One preparation at its place in a batch."""

    order: WorkOrderFact
    patient: str
    takes: tuple[tuple[str, bool], ...]  # words, and whether it is carried over from another preparation


@dataclass(frozen=True, slots=True)
class BatchCard:
    batch: Batch
    hood: str  # where it may be made now; empty where no hood is fit
    turns: tuple[TurnRow, ...]


@dataclass(frozen=True, slots=True)
class RoundingRow:
    rounding: Rounding
    order: WorkOrderFact
    patient: str
    words: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """``sites``: id, name and whether it is the one shown."""

    day: Day
    sites: tuple[tuple[UUID, str, bool], ...]
    cards: tuple[BatchCard, ...]
    roundings: tuple[RoundingRow, ...]


def day_page(site_id: UUID, on: date | None) -> DayPage:
    """The day of a site, with the patients' names and a hood for each batch."""
    day = day_of(site_id, on)
    names = {i: p.name for i, p in patients.patients(list({o.patient_id for o in day.orders.values()})).items()}
    return DayPage(
        day, tuple((s.id, s.legal_name, s.id == site_id) for s in sites.pharmacies()),
        tuple(BatchCard(b, _hood(site_id, b), tuple(_turn(day, t.wanted.number, t.takes, b, names) for t in b.turns))
              for b in day.batches),
        tuple(_rounding(day, r, names) for r in day.roundings),
    )


def _hood(site_id: UUID, batch: Batch) -> str:
    """The first hood of the site that is fit for such a drug now."""
    fit = [h.name for h in sites.hoods(site_id) if not sites.fitness_reasons(h.id, now(), batch.hazardous)]
    return fit[0] if fit else ""


def _turn(day: Day, number: str, takes: tuple[Take, ...], batch: Batch, names: dict[UUID, str]) -> TurnRow:
    order = day.orders[number]
    return TurnRow(order, names[order.patient_id], tuple((take_words(t, batch.unit), t.carried) for t in takes))


def take_words(take: Take, unit: str) -> str:
    """What a technician reads: how much, of what, and whose vial it is."""
    words = f"{shown_number(take.amount)} {unit} of {take.product}"
    if not take.carried:
        return words
    return f"{words}, left over from {take.opened_for}" if take.opened_for else words


def _rounding(day: Day, r: Rounding, names: dict[UUID, str]) -> RoundingRow:
    order = day.orders[r.wanted.number]
    sign = "+" if r.percent > 0 else "−"
    words = f"{shown_number(r.dose)} {order.dose.unit} instead of {order.dose}: {sign}{shown_number(abs(r.percent))} %"
    return RoundingRow(r, order, names[order.patient_id], words)


def day_rows(page: DayPage) -> Iterator[tuple[object, ...]]:
    """One line a preparation, for a spreadsheet."""
    for card in page.cards:
        for n, turn in enumerate(card.turns, 1):
            yield (card.batch.drug_name, card.hood, n, turn.order.number, turn.patient, str(turn.order.dose), turn.order.doses,
                   f"{turn.order.need_by:%Y-%m-%d %H:%MZ}", "; ".join(words for words, _ in turn.takes))
