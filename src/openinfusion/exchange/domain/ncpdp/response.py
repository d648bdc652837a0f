# SPDX-License-Identifier: Apache-2.0
"""A processor's answers in a file: is it one, what does it hold, and what does each answer say in words.

Messages stand one after the other, a line each as we send them, or framed by STX and ETX with a reference before each.
An answer is a promise, not money: what it says is paid comes by an 835.
"""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from openinfusion.exchange.domain.ncpdp.claim import PharmacyAnswer, answers
from openinfusion.exchange.domain.ncpdp.layout import LAYOUTS
from openinfusion.exchange.domain.ncpdp.message import SEGMENT, Message, read_message
from openinfusion.kernel.refusal import Fault, Malformed

_WORDS = Path(__file__).parents[1] / "data" / "ncpdp_words.toml"
_FRAMED = re.compile("\x02G1.{10}([^\x02\x03]*)\x03", re.DOTALL)
PAID, DUPLICATE, CAPTURED, CAPTURED_BEFORE, APPROVED, REVERSED_BEFORE, REJECTED = "P", "D", "C", "Q", "A", "S", "R"
REVERSAL = "B2"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: to a bill or to a reversal, of which prescription, served on which day."""

    code: str  # 103-A3
    served_on: date
    answer: PharmacyAnswer

    @property
    def is_reversal(self) -> bool:
        return self.code == REVERSAL

    @property
    def is_taken(self) -> bool:
        """The processor took the claim: paid, captured, or either of these before."""
        return not self.is_reversal and self.answer.status in {PAID, DUPLICATE, CAPTURED, CAPTURED_BEFORE}

    @property
    def is_taken_back(self) -> bool:
        return self.is_reversal and self.answer.status in {APPROVED, REVERSED_BEFORE}

    @property
    def is_rejected(self) -> bool:
        return self.answer.status == REJECTED

    @property
    def words(self) -> str:
        """What it says, with its codes."""
        return "; ".join(_told(self))


def is_response(data: bytes) -> bool:
    """Whether these bytes are answers of a processor: they begin as one, and segments stand in them."""
    opening = data.lstrip(b"\r\n").removeprefix(b"\x02")[:2].decode("latin-1")
    framed = data.lstrip(b"\r\n").startswith(b"\x02")
    return SEGMENT.encode() in data and (framed or opening in LAYOUTS)


def read_responses(data: bytes) -> list[Answered]:
    """Every answer of a file; Malformed where a message in it cannot be read."""
    text = data.decode("latin-1")
    bodies = _FRAMED.findall(text) if "\x02" in text else [b for b in re.split(r"[\r\n]+", text) if b]
    if not bodies:
        raise Malformed(Fault("file", "the file holds no answer of a processor"))
    return [one for body in bodies for one in _of_message(read_message(body, is_response=True))]


def _of_message(message: Message) -> Iterator[Answered]:
    served = message.header_field("401-D1").strip()
    try:
        on = date.fromisoformat(f"{served[:4]}-{served[4:6]}-{served[6:8]}")
    except ValueError as no:
        raise Malformed(Fault("401-D1", f"“{served}” is not a day written as CCYYMMDD")) from no
    for found in answers(message):
        yield Answered(message.code, on, found)


@cache
def _rejects() -> dict[str, str]:
    return dict(tomllib.loads(_WORDS.read_text(encoding="utf-8"))["reject"])


_STATUS = {
    PAID: "it will be paid", DUPLICATE: "it was paid before", CAPTURED: "captured, to be judged later",
    CAPTURED_BEFORE: "captured before", APPROVED: "the reversal is approved", REVERSED_BEFORE: "it was reversed before",
    REJECTED: "rejected",
}


def _told(a: Answered) -> Iterator[str]:
    said = a.answer
    yield _STATUS.get(said.status, f"status {said.status or 'not given'}")
    for code in said.rejects:
        meaning = _rejects().get(code)
        yield f"{meaning} ({code})" if meaning else f"code {code}"
    if said.paid is not None and not a.is_reversal:
        yield f"{said.paid:.2f} to come"
    if said.patient_pays:
        yield f"the patient pays {said.patient_pays:.2f}"
    yield from (text for text in said.messages if text)
