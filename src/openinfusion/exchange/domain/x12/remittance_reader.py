# SPDX-License-Identifier: Apache-2.0
"""The 835 read: every claim, line and adjustment, whether or not the sums agree (`balance` asks that afterwards).

An element that is not there is empty. An amount that is no amount refuses the file, naming segment and element, since
money is never guessed; an odd date is a finding, since it is no ground to leave a payment unread.
"""
from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Final

from openinfusion.exchange.domain.x12.finding import Finding, Level
from openinfusion.exchange.domain.x12.remittance import Adjustment, ProviderAdjustment, RemitClaim, RemitLine, Remittance
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.tokens import interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable
from openinfusion.exchange.domain.x12.values import ZERO, Amounts, Days

_EMPTY: Final = [""] * 24
NAME: Final = 3  # characters that tell one segment from another


@contextmanager
def collector_resting() -> Iterator[None]:
    """No garbage collection while a file is read: what is built is kept, so that looking through it again is wasted."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def read_remittances(data: bytes | str) -> tuple[Remittance, ...]:
    """Every 835 transaction of a file; Unreadable when there is none or an element cannot be read."""
    with collector_resting():
        return remittances_in(transaction_sets(interchanges_of(data)))


def remittances_in(sets: Sequence[TransactionSet]) -> tuple[Remittance, ...]:
    """The 835s among these transactions."""
    amounts, days = Amounts(), Days()
    found = tuple(read_remittance(one, amounts, days) for one in sets if one.kind == "835")
    if not found:
        raise Unreadable(0, "ST", "there is no 835 in this file")
    return found


def read_remittance(one: TransactionSet, amounts: Amounts, days: Days) -> Remittance:
    """One transaction; Unreadable where it is cut off or an amount is none."""
    if not one.is_closed:
        raise Unreadable(one.first, "SE", "the transaction is cut off: it has no SE")
    element, number = one.marks.element, one.first
    r = _Reading(one, amounts, days)
    takers = {(name + element)[:NAME]: taker for name, taker in _TAKERS.items()}
    for raw in one.text.split(one.marks.segment):
        try:
            takers.get(raw[:NAME], _other)(r, raw, number)
        except ValueError:
            raise _no_amount(raw.split(element), number) from None
        number += 1
    return r.remittance


def _no_amount(s: list[str], number: int) -> Unreadable:
    """Which of this segment's elements is no amount."""
    for position in _AMOUNTS_AT.get(s[0], ()):
        if position < len(s):
            try:
                Amounts()[s[position]]
            except ValueError:
                return Unreadable(number, f"{s[0]}{position:02d}", f"“{s[position].strip()}” is not an amount")
    return Unreadable(number, s[0], "an amount cannot be read")


class _Reading:
    """What has been gathered while walking one transaction. What repeats within a file is read once and remembered."""

    __slots__ = (
        "adjusted", "amounts", "claim", "component", "dated", "days", "element", "line", "party", "procedures", "remittance",
        "told",
    )

    def __init__(self, one: TransactionSet, amounts: Amounts, days: Days) -> None:
        self.remittance = Remittance(one.first, one.control, one.version)
        self.amounts, self.days = amounts, days
        self.element, self.component = one.marks.element, one.marks.component
        self.party = ""
        self.claim: RemitClaim | None = None
        self.line: RemitLine | None = None
        self.procedures: dict[str, tuple[str, str, tuple[str, ...]]] = {}
        self.adjusted: dict[str, tuple[list[Adjustment], Decimal]] = {}
        self.dated: dict[str, tuple[str, date | None]] = {}
        self.told: dict[str, tuple[str, Decimal]] = {}

    def padded(self, raw: str) -> list[str]:
        """The elements, with empty ones for all that the sender left off."""
        return raw.split(self.element) + _EMPTY

    def procedure(self, text: str) -> tuple[str, str, tuple[str, ...]]:
        """Qualifier, code and modifiers of a composite."""
        parts = text.split(self.component)
        qualifier, code = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
        found = self.procedures[text] = (qualifier, code, tuple(m for m in parts[2:6] if m))
        return found

    def adjustments(self, raw: str) -> tuple[list[Adjustment], Decimal]:
        """Up to six triples of reason, amount and quantity in one CAS, and their sum."""
        s, amounts = self.padded(raw), self.amounts
        found = [
            Adjustment(s[1], s[at], amounts[s[at + 1]], amounts[s[at + 2]] if s[at + 2].strip() else None)
            for at in range(2, 20, 3) if s[at] or s[at + 1]
        ]
        result = self.adjusted[raw] = (found, sum((a.amount for a in found), ZERO))
        return result

    def when(self, raw: str, number: int) -> tuple[str, date | None]:
        """Qualifier and day of a DTM; an unreadable day is noted each time it stands somewhere."""
        s = self.padded(raw)
        day = self.day(s[2], number, "DTM02")
        if day is not None:
            self.dated[raw] = (s[1], day)
        return s[1], day

    def amount(self, raw: str) -> tuple[str, Decimal]:
        """Qualifier and amount of an AMT."""
        s = self.padded(raw)
        found = self.told[raw] = (s[1], self.amounts[s[2]])
        return found

    def day(self, text: str, number: int, place: str) -> date | None:
        """A date, or nothing with a finding where something unreadable stands."""
        found = self.days[text]
        if found is None and text.strip():
            self.remittance.findings.append(Finding(
                Level.VALUE, number, "date", place, f"“{text}” is not a date written as CCYYMMDD",
            ))
        return found

    def structure(self, number: int, code: str, subject: str, text: str) -> None:
        self.remittance.findings.append(Finding(Level.STRUCTURE, number, code, subject, text))


def _bpr(r: _Reading, raw: str, number: int) -> None:
    head, s = r.remittance, r.padded(raw)
    head.handling, head.amount, head.direction, head.method = s[1], r.amounts[s[2]], s[3], s[4]
    head.paid_on = r.day(s[16], number, "BPR16")


def _trn(r: _Reading, raw: str, _: int) -> None:
    if r.claim is None:
        s = r.padded(raw)
        r.remittance.trace, r.remittance.payer_tax_id = s[2], s[3]


def _n1(r: _Reading, raw: str, _: int) -> None:
    s = r.padded(raw)
    r.party = s[1]
    if r.party == "PR":
        r.remittance.payer_name, r.remittance.payer_id = s[2], s[4]
    elif r.party == "PE":
        r.remittance.payee_name, r.remittance.payee_npi = s[2], s[4]


def _clp(r: _Reading, raw: str, number: int) -> None:
    amounts, s = r.amounts, raw.split(r.element)
    if len(s) < 10:
        s += _EMPTY
    claim = r.claim = RemitClaim(number, s[1], s[2], amounts[s[3]], amounts[s[4]], amounts[s[5]], s[7], s[6], s[8], s[9])
    r.line = None
    r.remittance.claims.append(claim)
    if not (s[1] and s[2] and s[3] and s[4]):
        r.structure(number, "clp-elements", s[1] or "CLP", "the claim lacks its number, status, charge or payment")


def _svc(r: _Reading, raw: str, number: int) -> None:
    claim = r.claim
    if claim is None:
        raise Unreadable(number, "SVC", "a service line stands before any claim")
    amounts, s = r.amounts, raw.split(r.element)
    if len(s) < 7:
        s += _EMPTY
    qualifier, code, modifiers = r.procedures.get(s[1]) or r.procedure(s[1])
    line = r.line = RemitLine(number, code, modifiers, amounts[s[2]], amounts[s[3]], amounts[s[5] or "1"], [], qualifier)
    if s[6]:
        line.original_code = r.procedure(s[6])[1]
    claim.lines.append(line)


def _cas(r: _Reading, raw: str, number: int) -> None:
    target: RemitLine | RemitClaim | None = r.line or r.claim
    if target is None:
        r.structure(number, "cas-alone", "CAS", "an adjustment stands before any claim")
        return
    found, total = r.adjusted.get(raw) or r.adjustments(raw)
    target.adjustments += found
    target.adjusted += total


def _nm1(r: _Reading, raw: str, _: int) -> None:
    claim, who = r.claim, raw[4:6]
    if claim is None or who not in _NAMED:
        return
    s = r.padded(raw)
    if who == "QC":
        claim.family, claim.given = s[3], s[4]
    if who == "TT":
        claim.crossover = s[3]
    elif s[9]:
        claim.member_id = s[9]


def _dtm(r: _Reading, raw: str, number: int) -> None:
    line, claim = r.line, r.claim
    if claim is None:
        return
    kind, day = r.dated.get(raw) or r.when(raw, number)
    if line is not None:
        if kind == "472":
            line.first_on = line.last_on = day
        elif kind == "150":
            line.first_on = day
        elif kind == "151":
            line.last_on = day
    elif kind == "232":
        claim.first_on = day
    elif kind == "233":
        claim.last_on = day
    elif kind == "050":
        claim.received_on = day


def _ref(r: _Reading, raw: str, _: int) -> None:
    s = raw.split(r.element)
    if len(s) < 3:
        return
    if r.line is not None:
        if s[1] == "6R":
            r.line.control = s[2]
    elif r.claim is not None:
        r.claim.references += ((s[1], s[2]),)
    elif r.party == "PR" and s[1] == "2U":
        r.remittance.payer_id = s[2]


def _amt(r: _Reading, raw: str, _: int) -> None:
    found = r.told.get(raw) or r.amount(raw)
    if r.line is not None:
        if found[0] == "B6":
            r.line.allowed = found[1]
    elif r.claim is not None:
        r.claim.amounts += (found,)


def _lq(r: _Reading, raw: str, _: int) -> None:
    code = r.padded(raw)[2]
    if r.line is not None and code:
        r.line.remarks += (code,)


def _moa(r: _Reading, raw: str, _: int) -> None:
    if r.claim is not None:
        r.claim.remarks += tuple([code for code in r.padded(raw)[3:8] if code])


def _mia(r: _Reading, raw: str, _: int) -> None:
    if r.claim is not None:
        s = r.padded(raw)
        r.claim.remarks += tuple([code for code in (s[5], *s[20:24]) if code])


def _lx(r: _Reading, _: str, __: int) -> None:
    """A new group of claims: what follows belongs to none of those before."""
    r.claim = r.line = None


def _plb(r: _Reading, raw: str, number: int) -> None:
    r.claim = r.line = None
    s = r.padded(raw)
    for at in range(3, 15, 2):
        if s[at] or s[at + 1]:
            reason, _, reference = s[at].partition(r.component)
            r.remittance.provider_adjustments.append(
                ProviderAdjustment(number, s[1], reason, reference.split(r.component)[0], r.amounts[s[at + 1]]),
            )


def _other(r: _Reading, raw: str, number: int) -> None:
    """A segment that says nothing we need; one whose name is no name of an 835 is noted, since it may hide a claim."""
    name = raw.partition(r.element)[0]
    if name and name not in _PASSED:
        plain = name.strip().upper()
        if plain != name and plain in _TAKERS:
            _TAKERS[plain](r, plain + raw[len(name):], number)
        else:
            r.structure(number, "segment-unknown", plain or "segment", "an 835 has no such segment")


_Taker = Callable[[_Reading, str, int], None]
_NAMED: Final = frozenset({"QC", "IL", "74", "TT"})
_PASSED: Final = frozenset({"ST", "SE", "CUR", "N2", "N3", "N4", "PER", "RDM", "TS2", "TS3", "QTY"})
_TAKERS: Final[dict[str, _Taker]] = {
    "BPR": _bpr, "TRN": _trn, "N1": _n1, "LX": _lx, "CLP": _clp, "SVC": _svc, "CAS": _cas, "NM1": _nm1, "DTM": _dtm, "REF": _ref,
    "AMT": _amt, "LQ": _lq, "MOA": _moa, "MIA": _mia, "PLB": _plb,
}
_AMOUNTS_AT: Final = {
    "BPR": (2,), "CLP": (3, 4, 5), "SVC": (2, 3, 5), "CAS": tuple(range(3, 20)), "AMT": (2,), "PLB": tuple(range(4, 16, 2)),
}
