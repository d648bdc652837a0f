# SPDX-License-Identifier: Apache-2.0
"""What a scanner read: GS1 DataMatrix and GS1-128 element strings, or a bare GTIN or NDC. Never guessed.

The boundary after a lot or serial number is the separator (ASCII 29). Where a wedge scanner swallows it, the string is
refused rather than cut by guess.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import biip

from openinfusion.kernel.refusal import Fault, Malformed

SEPARATOR = "\x1d"
_SUBSTITUTES = ("<GS>", "{GS}", "␝", "~029")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")
_FIXED = frozenset({"00", "01", "02", "11", "12", "13", "15", "16", "17", "20"})


@dataclass(frozen=True, slots=True)
class Scan:
    """What could be read. Empty strings where the code did not carry it."""

    gtin: str = ""
    ndc: str = ""  # digits only, 10 or 11, where the code was an NDC and no GTIN
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None

    @property
    def names_lot(self) -> bool:
        return bool(self.lot and self.expires_on)


def read_scan(text: str) -> Scan:
    """The parts of a scanned code; Malformed if it cannot be read for certain."""
    raw = text.strip(" \r\n\t")
    for substitute in _SUBSTITUTES:
        raw = raw.replace(substitute, SEPARATOR)
    if not raw:
        raise Malformed(Fault("scan", "nothing was scanned"))
    if raw.startswith("("):
        raw = _from_brackets(raw)
    if _is_ndc(raw):
        return Scan(ndc=re.sub(r"\D", "", raw))
    if raw.isdigit() and len(raw) in (8, 12, 13, 14):
        return _bare_gtin(raw)
    return _element_strings(raw)


def _is_ndc(raw: str) -> bool:
    return bool(re.fullmatch(r"\d{4,5}-\d{3,4}-\d{1,2}", raw)) or (raw.isdigit() and len(raw) in (10, 11))


def _bare_gtin(raw: str) -> Scan:
    result = biip.parse(raw)
    if result.gtin is None:
        raise Malformed(Fault("scan", f"“{raw}” has a wrong check digit; scan again"))
    return Scan(gtin=result.gtin.as_gtin_14())


def _from_brackets(raw: str) -> str:
    """(01)…(17)…(10)… as printed for people, to the element string a scanner would have read."""
    parts = _BRACKETED.findall(raw)
    if "".join(f"({ai}){value}" for ai, value in parts) != raw:
        raise Malformed(Fault("scan", f"“{raw}” is not a GS1 code; scan again"))
    return "".join(ai + value.strip() + ("" if ai in _FIXED else SEPARATOR) for ai, value in parts).rstrip(SEPARATOR)


def _element_strings(raw: str) -> Scan:
    message = biip.parse(raw.lstrip(SEPARATOR)).gs1_message
    if message is None:
        raise Malformed(Fault("scan", f"“{raw}” is not a GS1 code; scan the product's own barcode"))
    found = {e.ai.ai: e for e in message.element_strings}
    if "01" not in found or found["01"].gtin is None:
        raise Malformed(Fault("scan", "the code names no product with a right check digit (01)"))
    lot = found["10"].value if "10" in found else ""
    serial = found["21"].value if "21" in found else ""
    for part in (lot, serial):
        _refuse_swallowed_separator(part, known=frozenset(found))
    expiry = found["17"].date if "17" in found else None
    return Scan(gtin=found["01"].gtin.as_gtin_14(), lot=lot, serial=serial, expires_on=expiry)


def _refuse_swallowed_separator(part: str, *, known: frozenset[str]) -> None:
    """A lot that seems to hold a whole expiry, product or lot element was run together with the next one."""
    run_together = (
        ("17" not in known and re.search(r".17\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])", part))
        or ("21" not in known and re.search(r".21[0-9A-Za-z]{6,}$", part) and len(part) > 12)
    )
    if run_together:
        raise Malformed(Fault("scan", f"“{part}” may be two parts run together; set the scanner to send the separator"))
