# SPDX-License-Identifier: Apache-2.0
"""What was scanned from the suite's shelf and not given: it comes back into the ledger, or is thrown away, and is not charged."""
from __future__ import annotations

from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.actions.section import open_record
from openinfusion.nursing.domain.shelf_check import Became
from openinfusion.nursing.models import SectionEntry, ShelfPackage
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now


@action
def take_back_package(
    *, visit_id: UUID, package_id: UUID, became: Became, why: str, by: Actor, version: int | None = None,
) -> UUID:
    """A package that was scanned from the shelf was not given: closed and put back, or thrown away. It is not charged.

    The entry stays beside the record with the reason; what goes back stands in the ledger as a return to its place.
    """
    visit = open_record(visit_id, by, version)
    if not why.strip():
        raise Malformed(Fault("why", "say why it was not given"))
    row = lock(ShelfPackage, package_id)
    if row.visit_id != visit.id:
        raise Refused(Reason("other-visit", "this package is on the record of another visit"))
    if row.became:
        raise Refused(Reason("back-already", f"it is on record already: {Became(row.became).words}"))
    drug = catalog.products([row.product_id])[row.product_id].drug_code
    if became is Became.WASTE and drug and catalog.controlled(drug) is not None:
        raise Refused(Reason("witness", "a controlled substance is thrown away with a witness, in the vault",
                             "put it back here, and have the pharmacy waste it there"))
    row.became, row.became_why, row.became_name, row.became_at = became.value, why.strip()[:300], by.name, now()
    row.save(update_fields=["became", "became_why", "became_name", "became_at"])
    words = f"not given, {became.words}: {row.became_why}"
    SectionEntry.objects.filter(pk=row.entry_id).update(stands=False, why=words)
    if became is Became.SHELF:
        for held in inventory.allocations(row.id):
            inventory.return_stock(lot_id=held.lot_id, location_id=held.location_id, quantity=held.issued, for_id=row.id, by=by,
                                   reason=f"not given at visit {visit.number}: {row.became_why}")
    revise(visit, "nursing.shelf.back", "{actor} took a package of {what} off the record of visit {subject}: {became}.", by=by,
           reason=row.became_why, noted={"what": inventory.lot(row.lot_id).number, "became": became.words})
    return visit.id
