# SPDX-License-Identifier: Apache-2.0
"""The worksheet before the work and the batch record after it: one document, in finished strings, with its own barcode."""
from __future__ import annotations

import re
from dataclasses import dataclass

from openinfusion.compounding.domain.label import check_character
from openinfusion.kernel.refusal import Fault, Malformed

_OWN = re.compile(r"^WO1\*([0-9A-Z]{6,12})\*([0-9A-Z])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One row: what was planned, and what was done of it (empty on a worksheet)."""

    place: str
    text: str
    planned: str
    done: str
    lot: str
    by: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """Everything that stands on the paper."""

    title: str  # Worksheet or Batch record
    pharmacy: str
    number: str
    code: str
    patient: str
    born: str
    mrn: str
    rx: str
    drug: str
    made: str  # in 0.9% sodium chloride, 250 mL, bag
    formula: str
    hazardous: str
    hood: str
    compounder: str
    verifier: str
    storage: str
    beyond_use: str
    beyond_use_because: str
    printed: str
    mixing: tuple[str, ...]
    equipment: tuple[str, ...]
    checks: tuple[str, ...]
    ingredients: tuple[tuple[str, str, str, str, str], ...]  # name, packages, used, left over, lots
    steps: tuple[StepLine, ...]
    reports: tuple[str, ...]
    wasted: tuple[str, ...] = ()  # at the hood, with the reason and the witness


def work_order_code(number: str) -> str:
    """What the barcode of a worksheet says: WO1*NUMBER*K."""
    return f"WO1*{number}*{check_character(number)}"


def read_work_order_code(text: str) -> str:
    """The number on a scanned worksheet; Malformed if it is none of ours or was mistyped."""
    found = _OWN.match(text.strip().upper())
    if not found or check_character(found[1]) != found[2]:
        raise Malformed(Fault("scan", f"“{text}” is no worksheet of ours"))
    return found[1]
