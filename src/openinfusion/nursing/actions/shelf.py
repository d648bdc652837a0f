# SPDX-License-Identifier: Apache-2.0
"""What a suite gives from its own shelf leaves the ledger with the scan that puts it on record, once."""
from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from openinfusion.inventory import public as inventory
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Broken, Reason, Refused
from openinfusion.nursing.models import NurseVisit, SectionEntry, ShelfPackage
from openinfusion.nursing.queries.shelf import Judged
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.actor import Actor


def take_from_shelf(visit: NurseVisit, row: SectionEntry, judged: Judged, at: datetime, by: Actor) -> None:
    """The package leaves the ledger and stands on the record, in one step; the database holds that it did leave.

    The ledger judges its expiry by the day it was scanned. Refused where no whole package of the lot is free in one place.
    """
    product, asked = judged.product, judged.asked
    if product is None or asked is None:
        raise Broken("a package without its product or order was let through")
    id = new_id()
    on = at.astimezone(zone_at(visit.site_id)).date()
    inventory.issue_directly(needs=[inventory.Need(product.id, Decimal(1), (judged.lot,))], site_id=visit.site_id, for_id=id,
                             patient_id=visit.patient_id, by=by, on=on)
    held, *more = inventory.allocations(id)
    if more:
        raise Refused(Reason("parts-only", f"of lot {judged.lot} of {product.name} only parts of packages lie in several places",
                             "call the pharmacy: it is counted"))
    ShelfPackage.objects.create(
        id=id, visit=visit, patient_id=visit.patient_id, entry=row, product_id=product.id, lot_id=held.lot_id,
        order_id=asked.order.id, given_as=asked.given_as.value, given_on=on,
        thrown_away_amount=judged.thrown_away, unit=product.strength.unit.code,
    )
