# SPDX-License-Identifier: Apache-2.0
"""The proof of delivery and the chain of custody as PDF; the barcode carries the number of the delivery."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import zint

from openinfusion.compounding.public import preparation
from openinfusion.delivery.domain.custody import breaks
from openinfusion.delivery.queries import TicketFact, TicketLineFact, ticket_of
from openinfusion.delivery.queries.road import LoggerFact, chain_of, logger_of
from openinfusion.delivery.web.ticket_pdf import ticket_data
from openinfusion.inventory import public as inventory
from openinfusion.kernel.local_day import moment_at
from openinfusion.kernel.refusal import Broken, Reason, Refused
from openinfusion.patients.public import timezone
from openinfusion.platform.documents import pdf

_DOCUMENTS = Path(__file__).parents[1] / "documents"
VERDICTS = {
    "fine": "always in range",
    "borne": "left its range within what the drugs bear by the rows on file",
    "excursion": "left its range",
}


def proof_pdf(ticket_id: UUID) -> bytes:
    """The proof of a delivery that was handed over; Refused before."""
    t = ticket_of(ticket_id)
    if t.delivered_at is None or not t.signature_path:
        raise Refused(Reason("no-proof", f"delivery {t.number} is not handed over yet"))
    return pdf(_DOCUMENTS / "proof.typ", proof_data(t))


def custody_pdf(ticket_id: UUID) -> bytes:
    """The chain of custody so far."""
    t = ticket_of(ticket_id)
    return pdf(_DOCUMENTS / "custody.typ", ticket_data(t) | _chain(t) | {"code": data_matrix(proof_code(t.number))})


def proof_code(number: str) -> str:
    """What the barcode says: the kind of paper and the delivery's number."""
    return f"OIP*{number}"


def proof_data(t: TicketFact) -> dict[str, Any]:
    """What the proof prints, finished strings only."""
    zone = timezone(t.patient_id)
    expiry = _expiries(t, zone)
    strokes = t.signature_path if t.signature_path.startswith("M") else ""
    logger = logger_of(t.id)
    return (
        ticket_data(t)
        | _chain(t)
        | {
            "lines": [
                {
                    "text": line.text,
                    "quantity": str(line.quantity),
                    "lot": line.lot_text,
                    "expiry": expiry.get(line.id, ""),
                    "storage": line.storage,
                }
                for line in t.lines
            ],
            "delivered": _moment(t.delivered_at, zone),
            "dispatched": _moment(t.dispatched_at, zone),
            "driver": t.driver_name,
            "identity": t.road.identity.replace("_", " "),
            "note": t.road.note,
            "seal": t.road.seal,
            "tracking": t.road.tracking_number,
            "scanned": str(t.road.scanned_at_door) if t.road.scanned_at_door else "",
            "position": f"{t.road.latitude}, {t.road.longitude}"
            + (f" (within {t.road.accuracy_m} m)" if t.road.accuracy_m else "")
            if t.road.latitude is not None
            else "",
            "strokes": _drawn(strokes) if strokes else "",
            "signed_name": t.signature_path.removeprefix("typed:") if not strokes else "",
            "logger": _said(logger, t),
            "code": data_matrix(proof_code(t.number)),
        }
    )


def _said(logger: LoggerFact | None, t: TicketFact) -> str:
    """The logger's verdict in a sentence, and the pharmacist's decision where one was needed."""
    if logger is None:
        return f"Logger {t.road.logger_serial}: its readings are not attached yet." if t.road.logger_serial else ""
    text = (
        f"Logger {logger.serial}: {VERDICTS[logger.verdict]}; {logger.low_c} to {logger.high_c} °C, mean kinetic temperature "
        f"{logger.kinetic_c} °C, {logger.minutes_out} minutes out of range."
    )
    if logger.usable is not None:
        word = "may be used" if logger.usable else "may not be used"
        return f"{text} {logger.decider_name} decided that it {word}: {logger.decision}"
    return text if logger.verdict != "excursion" else f"{text} A pharmacist has not decided yet."


def _moment(at: datetime | None, zone: str) -> str:
    return moment_at(at, zone) if at else ""


def _expiries(t: TicketFact, zone: str) -> dict[UUID, str]:
    """Until when each line is good: a preparation's beyond-use date, a supply's earliest lot."""
    found = {line.id: _beyond(line, zone) for line in t.lines if line.preparation_id}
    held: dict[UUID, date] = {}
    for part in inventory.allocations(t.id):
        held[part.product_id] = min(held.get(part.product_id, part.expires_on), part.expires_on)
    return found | {line.id: f"{held[line.product_id]:%d-%b-%Y}" for line in t.lines if line.product_id in held}


def _beyond(line: TicketLineFact, zone: str) -> str:
    return moment_at(preparation(line.preparation_id).beyond_use_at, zone) if line.preparation_id else ""


def _chain(t: TicketFact) -> dict[str, Any]:
    zone, chain = timezone(t.patient_id), chain_of(t.id)
    whole = {True: "whole", False: "broken", None: ""}
    return {
        "chain": [
            {
                "at": _moment(h.at, zone),
                "giver": h.giver,
                "taker": h.taker,
                "place": h.where,
                "seal": " ".join(p for p in (h.seal, whole[h.seal_intact]) if p),
                "note": h.note,
            }
            for h in chain
        ],
        "breaks": list(breaks(chain, zone)),
    }


def _drawn(path: str) -> str:
    """The strokes as a picture."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><path fill="none" stroke="black" stroke-width="3" '
        f'd="{path}"/></svg>'
    )


def data_matrix(code: str) -> str:
    """A square DataMatrix of this code as SVG, with its quiet zone."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.option_3 = zint.DataMatrixOptions.SQUARE
    symbol.whitespace_width = symbol.whitespace_height = 2
    symbol.outfile = "proof.svg"
    symbol.output_options = zint.OutputOptions.BARCODE_MEMORY_FILE
    symbol.encode(code)
    symbol.print()
    if symbol.memfile is None:
        raise Broken("the barcode was not drawn")
    return bytes(symbol.memfile).decode()
