# SPDX-License-Identifier: Apache-2.0
"""What every writer shares: clean text, numbers, dates, segments, and the envelopes with their counts and numbers.

Text is upper-cased to the basic set, without diacritics and without the four marks, so that no element can end early.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from openinfusion.kernel.refusal import Broken, Fault, Malformed

VERSIONS: Final = {
    "837P": ("HC", "837", "005010X222A1"), "837I": ("HC", "837", "005010X223A2"), "835": ("HP", "835", "005010X221A1"),
    "270": ("HS", "270", "005010X279A1"), "271": ("HB", "271", "005010X279A1"), "276": ("HR", "276", "005010X212"),
    "277": ("HN", "277", "005010X212"), "277CA": ("HN", "277", "005010X214"), "278": ("HI", "278", "005010X217"),
    "999": ("FA", "999", "005010X231A1"),
}
GREATEST_CONTROL: Final = 999_999_999
_LETTERS = str.maketrans({"ß": "SS", "ẞ": "SS", "Ø": "O", "Æ": "AE", "Œ": "OE", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "’": "'",
                          "–": "-", "—": "-", "“": '"', "”": '"'})
_UNSAFE = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=%@_{}#$]")
_PLAIN = re.compile(r"[A-Z0-9](?:[A-Z0-9,.\-]| (?! ))*")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One interchange to be. ``control`` never repeats towards one receiver; ``at`` is when it is made, by the clock of who
    sends it.
    """

    kind: str  # a key of VERSIONS
    control: int
    sender: str
    receiver: str
    at: datetime
    is_test: bool = True

    @property
    def on(self) -> date:
        """The day that the file says it was made on."""
        local = self.at
        return local.date()


@lru_cache(maxsize=20_000)
def clean(text: str, limit: int) -> str:
    """Capitals of the basic set without diacritics or separators, cut to the element's length."""
    if _PLAIN.fullmatch(text) and len(text) <= limit:
        return text.rstrip()
    shown = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
    plain = shown.encode("ascii", "ignore").decode().upper()
    return " ".join(_UNSAFE.sub(" ", plain).split())[:limit].strip()


def number(amount: Decimal) -> str:
    """A decimal as X12 writes it: no exponent, no needless zero."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(on: date) -> str:
    """CCYYMMDD; of an instant, its day in its own zone."""
    return _day(on if type(on) is date else date(on.year, on.month, on.day))


@lru_cache(maxsize=40_000)
def _day(on: date) -> str:
    return f"{on.year:04d}{on.month:02d}{on.day:02d}"


def span(first: date, last: date) -> str:
    """Qualifier and value of one day or of a range: ``D8*20260201`` or ``RD8*20260201-20260207``."""
    return f"D8*{day(first)}" if first == last else f"RD8*{day(first)}-{day(last)}"


def segment(*elements: str) -> str:
    """Elements joined, trailing empty ones left off."""
    return "*".join(elements).rstrip("*")


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def phone(text: str) -> str:
    return digits(text)[-10:]


def interchange(envelope: Envelope, bodies: Sequence[Sequence[str]]) -> str:
    """The file's text, one segment a line; each body is a transaction without its ST and SE.

    Malformed where the control number is none; Broken where an element would have ended a segment.
    """
    if not 0 < envelope.control <= GREATEST_CONTROL:
        raise Malformed(Fault("ISA13", "the control number has one to nine digits"))
    _, kind, version = VERSIONS[envelope.kind]
    lines = list(_opening(envelope))
    for at, body in enumerate(bodies, 1):
        lines.append(f"ST*{kind}*{at:04d}*{version}")
        lines.extend(body)
        lines.append(f"SE*{len(body) + 2}*{at:04d}")
    lines += (f"GE*{len(bodies)}*{envelope.control}", f"IEA*1*{envelope.control:09d}")
    text = "~\n".join(lines) + "~\n"
    if not text.isascii() or text.count("~") != len(lines) or text.count("\n") != len(lines):
        raise Broken("an X12 element holds a character that ends a segment or is not ASCII")
    return text


def _opening(e: Envelope) -> tuple[str, str]:
    functional, _, version = VERSIONS[e.kind]
    sender, receiver = clean(e.sender, 15).ljust(15), clean(e.receiver, 15).ljust(15)
    usage, blank = "T" if e.is_test else "P", " " * 10
    return (
        f"ISA*00*{blank}*00*{blank}*ZZ*{sender}*ZZ*{receiver}*{e.on:%y%m%d}*{e.at:%H%M}*^*00501*{e.control:09d}*0*{usage}*:",
        f"GS*{functional}*{sender.strip()}*{receiver.strip()}*{day(e.at)}*{e.at:%H%M}*{e.control}*X*{version}",
    )
