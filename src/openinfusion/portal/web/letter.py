# SPDX-License-Identifier: Apache-2.0
"""The letter with the link of a patient's own page; where the code goes by letter, on a sheet of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import zint
from django.contrib.auth.hashers import check_password

from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.refusal import Broken, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.documents import pdf
from openinfusion.platform.house_day import house_zone
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.domain.link import CodeWay, digest
from openinfusion.portal.models import PatientLink
from openinfusion.portal.permissions import GIVE
from openinfusion.portal.queries.own_page import own_page

_TEMPLATE = Path(__file__).parents[1] / "documents" / "letter.typ"


def letter_pdf(link_id: UUID, token: str, code: str, address: str, by: Actor) -> bytes:
    """The letter; Refused for secrets that are not those of this link."""
    by.must(GIVE)
    row = fetch(PatientLink, link_id)
    if row.sha256 != digest(token) or not check_password(code, row.code_hash):
        raise Refused(Reason("not-this-link", "these are not the link and code in force", "renew the link and print at once"))
    who, own = patients.patient(row.patient_id), own_page(row.patient_id)
    until = day_of(row.expires_at, who.timezone or house_zone())
    data: dict[str, Any] = {
        "name": f"{who.given} {who.family}", "street": who.address.line1,
        "place": f"{who.address.city}, {who.address.state} {who.address.zip}", "pharmacy": own.pharmacy, "phone": own.phone,
        "link": address, "expires": f"{until:%B} {until.day}, {until.year}",
        "code": code if row.code_way == CodeWay.LETTER else "", "picture": qr(address), "minutes": str(whole("session_minutes")),
    }  # fmt: skip
    return pdf(_TEMPLATE, data)


def qr(text: str) -> str:
    """A QR code of this text as SVG, with its quiet zone."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.whitespace_width = symbol.whitespace_height = 4
    symbol.outfile = "link.svg"
    symbol.output_options = zint.OutputOptions.BARCODE_MEMORY_FILE
    symbol.encode(text)
    symbol.print()
    if symbol.memfile is None:
        raise Broken("the code was not drawn")
    return bytes(symbol.memfile).decode()
