# SPDX-License-Identifier: Apache-2.0
"""Import a price list, or take back one that was imported in error."""
from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.payers import models
from openinfusion.payers.domain.price_file import quarter, read_prices
from openinfusion.payers.domain.rate import Basis
from openinfusion.payers.events import PricesChanged
from openinfusion.payers.permissions import IMPORT
from openinfusion.platform import files
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.journal import write

SHOWN_REJECTS = 500


@action
def import_prices(*, basis: str, name: str, data: bytes, first: date, source: str, by: Actor, last: date | None = None) -> UUID:
    """Import a list of prices for the days they hold; the ASP file holds for its quarter. Bad lines are listed, not taken.

    Refused for a file that is in already. Malformed where it is no such list or no line of it can be taken.
    """
    by.must(IMPORT)
    if basis not in {b.value for b in Basis if b.listed}:
        raise Malformed(Fault("basis", "choose what the list prices by"))
    if not source.strip():
        raise Malformed(Fault("source", "say where the list comes from"))
    if basis == Basis.ASP or last is None:
        first, last = quarter(first)
    if last < first:
        raise Malformed(Fault("last", "the last day lies before the first"))
    digest = hashlib.sha256(data).hexdigest()
    if models.PriceFile.objects.filter(basis=basis, sha256=digest, first_on=first, withdrawn=False).exists():
        raise Refused(Reason("already-imported", "this file is imported already for these days"))
    found = read_prices(Basis(basis), data)
    if not found.rows:
        why = f": line {found.rejects[0].line}, {found.rejects[0].why}" if found.rejects else ""
        raise Malformed(Fault("file", f"no line of it can be taken{why}"))
    row = models.PriceFile(
        basis=basis, name=name[:200], file_id=files.store(name, data, "text/csv", by), sha256=digest, first_on=first,
        last_on=last, source=source.strip(), taken=len(found.rows), imported_by=by.id, importer_name=by.name,
        rejects=[asdict(r) for r in found.rejects[:SHOWN_REJECTS]],
    )
    row.save(force_insert=True)
    models.ListPrice.objects.bulk_create([
        models.ListPrice(file=row, basis=basis, code=p.code, ndc11=p.ndc11, dollars=p.dollars, first_on=first, last_on=last)
        for p in found.rows
    ], batch_size=2000)
    write(by, "payers.prices.imported", row, "{actor} imported {subject}: {taken} prices, {rejected} lines not taken",
          news=[_changed(row, "imported")], noted={"taken": len(found.rows), "rejected": len(found.rejects), "sha256": digest})
    return row.id


@action
def withdraw_prices(*, file_id: UUID, reason: str, by: Actor) -> UUID:
    """Take back a list that was imported in error; nothing is priced by it from now on."""
    by.must(IMPORT)
    row = lock(models.PriceFile, file_id)
    if not reason.strip():
        raise Malformed(Fault("reason", "say why it is taken back"))
    if row.withdrawn:
        raise Refused(Reason("already-withdrawn", "it is taken back already"))
    revise(row, "payers.prices.withdrawn", "{actor} took back {subject}", by=by, reason=reason, withdrawn=True,
           news=[_changed(row, "withdrawn")])
    return row.id


def _changed(row: models.PriceFile, change: str) -> PricesChanged:
    return PricesChanged(file_id=row.id, basis=row.basis, first=row.first_on, last=row.last_on, change=change)
