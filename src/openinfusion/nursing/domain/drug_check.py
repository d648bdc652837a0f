# SPDX-License-Identifier: Apache-2.0
"""The drug in the nurse's hand: is it this patient's, of this order, released, delivered, in date and not recalled?"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openinfusion.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class InHand:
    """A preparation as its label was scanned. ``recalled``: lots in it that are recalled, by number.

    ``left_range``: in words, that it left its temperature range and no pharmacist found it usable.

    ``beyond_use_at`` stands in the zone in which people read it, that of the pharmacy.
    """

    lot_number: str
    patient_id: UUID
    therapy_id: UUID
    beyond_use_at: datetime
    released: bool
    delivered: bool
    recalled: tuple[str, ...] = ()
    left_range: str = ""


def against(drug: InHand, patient_id: UUID, therapy_id: UUID, at: datetime) -> Iterator[Reason]:
    """Every reason not to give it at this instant."""
    if drug.patient_id != patient_id:
        yield Reason("other-patient", f"{drug.lot_number} is another patient's", "do not give it; call the pharmacy")
        return
    if drug.therapy_id != therapy_id:
        yield Reason("other-therapy", f"{drug.lot_number} belongs to another therapy of this patient", "take the right one")
    if not drug.released:
        yield Reason("not-released", f"{drug.lot_number} is not released", "call the pharmacist")
    if at >= drug.beyond_use_at:
        yield Reason("expired", f"{drug.lot_number} is past its beyond-use date ({drug.beyond_use_at:%d-%b-%Y %H:%M %Z})",
                     "do not give it; call the pharmacy")
    if not drug.delivered:
        yield Reason("not-delivered", f"{drug.lot_number} was never handed to the patient", "call the pharmacy")
    if drug.left_range:
        yield Reason("left-range", f"{drug.lot_number} {drug.left_range}", "do not give it; call the pharmacist")
    for lot in drug.recalled:
        yield Reason("recalled", f"{drug.lot_number} contains recalled lot {lot}", "do not give it; call the pharmacy")
