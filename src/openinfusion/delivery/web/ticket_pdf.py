# SPDX-License-Identifier: Apache-2.0
"""The delivery ticket as a PDF: what the patient receives and signs."""
from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from openinfusion.delivery.domain.pack_out import by_code
from openinfusion.delivery.queries import TicketFact, ticket_of
from openinfusion.kernel.local_day import moment_at
from openinfusion.patients.public import patient
from openinfusion.platform.documents import pdf
from openinfusion.sites.public import pharmacy
from openinfusion.therapy.public import therapy

_TEMPLATE = Path(__file__).parents[1] / "documents" / "ticket.typ"
_SIGNED = "signed on the driver's device"


def ticket_pdf(ticket_id: UUID) -> bytes:
    """The ticket of a delivery, as it stands now."""
    return pdf(_TEMPLATE, ticket_data(ticket_of(ticket_id)))


def ticket_data(t: TicketFact) -> dict[str, Any]:
    """What the ticket prints, finished strings only."""
    who, where, course = patient(t.patient_id), pharmacy(t.site_id), therapy(t.therapy_id)
    chosen = by_code(t.pack_out) if t.pack_out else None
    span = (t.covers_first_on, t.covers_last_on)
    typed = t.signature_path.startswith("typed:")
    return {
        "number": t.number, "pharmacy": where.legal_name, "phone": where.phone,
        "pharmacy_address": f"{where.street}, {where.city}, {where.state_code} {where.zip_shown}",
        "patient": who.name, "born": f"{who.born_on:%d-%b-%Y}", "mrn": who.mrn, "address": t.address,
        "therapy": course.drug_name, "need_by": f"{t.need_by:%d-%b-%Y}" if t.need_by else "",
        "covers": " to ".join(f"{d:%d-%b-%Y}" for d in span if d),
        "instructions": t.instructions,
        "lines": [
            {"text": row.text, "quantity": str(row.quantity), "lot": row.lot_text, "storage": row.storage}
            for row in t.lines
        ],
        "packing": f"{chosen.code}: {chosen.packing} ({chosen.hours} h)" if chosen else "",
        "keep": f"{chosen.low_c} to {chosen.high_c} °C" if chosen else "",
        "received_by": t.received_by, "relation": t.relation,
        "delivered": moment_at(t.delivered_at, who.timezone) if t.delivered_at else "",
        "arrived": f"{t.arrived_c} °C" if t.arrived_c is not None else "",
        "signature": t.signature_path.removeprefix("typed:") if typed else _SIGNED * bool(t.signature_path),
    }
