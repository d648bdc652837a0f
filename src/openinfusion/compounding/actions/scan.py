# SPDX-License-Identifier: Apache-2.0
"""What a code under the scanner at the hood is: a staged package, an opened container, or something that does not belong."""
from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding.domain.bench import Scanned
from openinfusion.compounding.domain.bench_step import BenchStep
from openinfusion.compounding.domain.opened import is_opened_code, opened_reasons, read_opened_code
from openinfusion.compounding.models import HoodWaste, LotCapture, OpenedContainer, WorkOrder
from openinfusion.compounding.queries import StepFact
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Refused
from openinfusion.platform.clock import now
from openinfusion.platform.rows import row_by_id, rows_by

_NOBODY = UUID(int=0)


@dataclass(slots=True)
class Shelf:
    """The packages that were staged for a work order, and those of them that are opened already."""

    row: WorkOrder
    captured: dict[UUID, int] = field(default_factory=dict)  # packages by lot
    used: dict[UUID, int] = field(default_factory=dict)
    _lots: dict[UUID, inventory.LotFact] = field(default_factory=dict)
    _read: dict[tuple[str, bool], Scanned] = field(default_factory=dict)

    @classmethod
    def of(cls, row: WorkOrder, steps: list[StepFact]) -> Shelf:
        shelf = cls(row)
        for c in rows_by(LotCapture, "work_order", row.id):
            shelf.captured[c.lot_id] = shelf.captured.get(c.lot_id, 0) + c.packages
        for waste in rows_by(HoodWaste, "work_order", row.id):
            shelf.take(waste.lot_id, waste.packages)
        for s in steps:
            if s.done and (s.stands or s.waits) and s.done.lot_id and not s.done.opened_id:
                shelf.take(s.done.lot_id, s.step.count)
        shelf._lots = inventory.lots(shelf.captured)
        return shelf

    def take(self, lot_id: UUID, packages: int) -> None:
        self.used[lot_id] = self.used.get(lot_id, 0) + packages

    def unopened(self) -> dict[UUID, int]:
        """Packages that were staged and not opened, by lot."""
        left = {lot: n - self.used.get(lot, 0) for lot, n in self.captured.items()}
        return {lot: n for lot, n in left.items() if n > 0}

    def lot(self, lot_id: UUID) -> inventory.LotFact:
        return self._lots[lot_id]

    def read(self, step: BenchStep, code: str, *, keyed: bool) -> Scanned:
        """What this code is. Malformed where it cannot be read at all; what can be read and is wrong is for the rules."""
        if is_opened_code(code):
            return self._opened(code)
        known = self._read.get((code, keyed))
        if known is None:
            known = self._read[code, keyed] = self._package(step, code, keyed=keyed)
        if known.lot_id is None:
            return known
        free = self.captured.get(known.lot_id, 0) - self.used.get(known.lot_id, 0)
        return Scanned(known.product_id, known.product, known.lot_id, known.lot, free, against=known.against)

    def _package(self, step: BenchStep, code: str, *, keyed: bool) -> Scanned:
        lot = self._keyed(step, code) if keyed else self._scanned(code)
        if isinstance(lot, Scanned):
            return lot
        reasons = tuple(lot.reasons(inventory.site_today(self.row.site_id)))
        return Scanned(lot.product_id, catalog.product(lot.product_id).name, lot.id, lot.number, against=reasons)

    def _keyed(self, step: BenchStep, code: str) -> inventory.LotFact | Scanned:
        """A lot number that somebody typed: of the product that is wanted, or any whole code."""
        mine = [x for x in self._lots.values() if x.number == code.strip().upper() and x.product_id == step.product_id]
        return mine[0] if len(mine) == 1 else self._scanned(code)

    def _scanned(self, code: str) -> inventory.LotFact | Scanned:
        scan = inventory.read_scan(code)
        try:
            product = catalog.product_by_gtin(scan.gtin) if scan.gtin else catalog.product_by_ndc(scan.ndc)
        except NotFound:
            return Scanned(_NOBODY, f"a product that is not in the catalog ({scan.gtin or scan.ndc})")
        mine = [x for x in self._lots.values() if x.product_id == product.id]
        if scan.lot:
            for x in mine:
                if x.number == scan.lot.upper() and (scan.expires_on is None or x.expires_on == scan.expires_on):
                    return x
            return Scanned(product.id, product.name, lot=scan.lot)
        if len(mine) == 1:  # a linear code names no lot, but only one lot of it was staged
            return mine[0]
        if mine:
            raise Malformed(Fault("code", "this code names no lot and more than one was staged; scan the 2D code"))
        return Scanned(product.id, product.name)

    def _opened(self, code: str) -> Scanned:
        found = OpenedContainer.objects.filter(code=read_opened_code(code)).values_list("id", flat=True).first()
        row = row_by_id(OpenedContainer, found, locked=True) if found else None
        if row is None:
            raise Malformed(Fault("code", "no opened container has this label; scan the package"))
        lot = inventory.lot(row.lot_id)
        against = (*opened_reasons(row.good_until, now(), row.hood_id, self.row.hood_id),
                   *lot.reasons(inventory.site_today(self.row.site_id)))
        left = row.volume_ml - row.drawn_ml if row.state == "open" else Decimal(0)
        return Scanned(row.product_id, row.name, lot.id, lot.number, 0, row.id, left, against)


def readable(shelf: Shelf, step: BenchStep, code: str, *, keyed: bool) -> Scanned:
    """The same; a lot number that belongs to more than one product is not guessed at."""
    try:
        return shelf.read(step, code, keyed=keyed)
    except Refused as no:
        raise Malformed(Fault("code", "; ".join(r.text for r in no.reasons))) from no
