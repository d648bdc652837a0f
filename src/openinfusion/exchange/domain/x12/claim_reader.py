# SPDX-License-Identifier: Apache-2.0
"""The 837 read, professional and institutional: claims, lines, NDCs, other payers, and what was charged.

The same rules as for the 835: a missing element is empty, an amount that is none refuses the file by segment and element.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from openinfusion.exchange.domain.x12.claim_read import Adjudicated, ClaimRead, ClaimSet, LineRead, OtherPayerRead
from openinfusion.exchange.domain.x12.remittance_reader import collector_resting
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.tokens import interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable
from openinfusion.exchange.domain.x12.values import ZERO, Amounts, Days

NAME: Final = 3
_EMPTY: Final = [""] * 24
INSTITUTIONAL: Final = ("005010X223", "004010X096")


def read_claims(data: bytes | str) -> tuple[ClaimSet, ...]:
    """Every 837 transaction of a file; Unreadable when there is none or an element cannot be read."""
    with collector_resting():
        return claims_in(transaction_sets(interchanges_of(data)))


def claims_in(sets: Sequence[TransactionSet]) -> tuple[ClaimSet, ...]:
    """The 837s among these transactions."""
    amounts, days = Amounts(), Days()
    found = tuple(read_claim_set(one, amounts, days) for one in sets if one.kind == "837")
    if not found:
        raise Unreadable(0, "ST", "there is no 837 in this file")
    return found


def read_claim_set(one: TransactionSet, amounts: Amounts, days: Days) -> ClaimSet:
    """One transaction; what is cut off is read as far as it goes, because nothing is posted from a claim."""
    element, number = one.marks.element, one.first
    r = _Reading(one, amounts, days)
    takers = {(name + element)[:NAME]: taker for name, taker in _TAKERS.items()}
    for raw in one.text.split(one.marks.segment):
        taker = takers.get(raw[:NAME])
        if taker is not None:
            try:
                taker(r, raw.split(element) + _EMPTY, number)
            except ValueError:
                raise _no_amount(raw.split(element), number) from None
        number += 1
    return r.found


def _no_amount(s: list[str], number: int) -> Unreadable:
    for position in _AMOUNTS_AT.get(s[0], ()):
        if position < len(s):
            try:
                Amounts()[s[position]]
            except ValueError:
                return Unreadable(number, f"{s[0]}{position:02d}", f"“{s[position].strip()}” is not an amount")
    return Unreadable(number, s[0], "an amount cannot be read")


class _Reading:
    """Where the reader stands: who bills, who is insured, which claim, other payer and line are open."""

    __slots__ = (
        "amounts", "billing", "claim", "component", "days", "filing", "found", "is_institutional", "line", "other", "payer",
        "person", "rank",
    )

    def __init__(self, one: TransactionSet, amounts: Amounts, days: Days) -> None:
        self.found = ClaimSet(one.first, one.control, one.version)
        self.amounts, self.days, self.component = amounts, days, one.marks.component
        self.is_institutional = one.version.startswith(INSTITUTIONAL)
        self.billing = self.payer = ("", "")
        self.person: list[object] = ["", "", "", None]
        self.rank = self.filing = ""
        self.claim: ClaimRead | None = None
        self.line: LineRead | None = None
        self.other: OtherPayerRead | None = None


def _hl(r: _Reading, s: list[str], _: int) -> None:
    r.found.levels += 1
    r.claim = r.line = r.other = None
    if s[3] == "22":
        r.person, r.payer = ["", "", "", None], ("", "")


def _sbr(r: _Reading, s: list[str], _: int) -> None:
    if r.claim is None:
        r.rank, r.filing = s[1], s[9]
    else:
        r.other = OtherPayerRead(s[1])
        r.claim.others.append(r.other)


def _nm1(r: _Reading, s: list[str], _: int) -> None:
    who = s[1]
    if r.claim is None:
        if who == "85":
            r.billing = (s[3], s[9])
        elif who in {"IL", "QC"}:
            r.person = [s[3], s[4], s[9] or r.person[2], r.person[3]]
        elif who == "PR":
            r.payer = (s[3], s[9])
    elif r.other is not None and who == "PR" and r.line is None:
        r.other.name, r.other.id = s[3], s[9]


def _dmg(r: _Reading, s: list[str], _: int) -> None:
    if r.claim is None:
        r.person[3] = r.days[s[2]]


def _clm(r: _Reading, s: list[str], number: int) -> None:
    place = s[5].split(r.component)
    family, given, member_id, born_on = r.person
    r.claim = ClaimRead(
        number, s[1], r.amounts[s[2]], place[0], place[2] if len(place) > 2 else "",
        r.is_institutional or (len(place) > 1 and place[1] == "A"),
        family, given, member_id, born_on, *r.payer, r.billing[1], r.billing[0], r.rank, r.filing,  # type: ignore[arg-type]
    )
    r.line = r.other = None
    r.found.claims.append(r.claim)


def _hi(r: _Reading, s: list[str], _: int) -> None:
    if r.claim is not None:
        parts = (p.split(r.component) for p in s[1:13] if p)
        r.claim.diagnoses += tuple([p[1] for p in parts if len(p) > 1 and p[0] in _DIAGNOSES])


def _sv1(r: _Reading, s: list[str], number: int) -> None:
    _service(r, s[1], s, number, 2)
    if r.line is not None:
        r.line.place_of_service = s[5]
        r.line.pointers = tuple([p for p in s[7].split(r.component) if p])


def _sv2(r: _Reading, s: list[str], number: int) -> None:
    _service(r, s[2], s, number, 3)
    if r.line is not None:
        r.line.revenue = s[1]


def _service(r: _Reading, procedure: str, s: list[str], number: int, at: int) -> None:
    if r.claim is None:
        raise Unreadable(number, s[0], "a service line stands before any claim")
    parts = procedure.split(r.component)
    code, rest = (parts[1], parts[2:6]) if len(parts) > 1 else (parts[0], [])
    description = parts[6] if len(parts) > 6 else ""
    r.line = LineRead(
        number, code, tuple([m for m in rest if m]), r.amounts[s[at]], r.amounts[s[at + 2]], s[at + 1], description,
    )
    r.claim.lines.append(r.line)


def _lx(r: _Reading, _: list[str], __: int) -> None:
    r.line = None


def _dtp(r: _Reading, s: list[str], _: int) -> None:
    line = r.line
    if line is None:
        return
    if s[1] == "472":
        first, _dash, last = s[3].partition("-")
        line.first_on = r.days[first]
        line.last_on = r.days[last] if last else line.first_on
        line.is_span = s[2] == "RD8"
    elif s[1] == "471":
        line.rx_on = r.days[s[3]]


def _ref(r: _Reading, s: list[str], _: int) -> None:
    kind, line, claim = s[1], r.line, r.claim
    if line is not None:
        if kind == "6R":
            line.control = s[2]
        elif kind == "G1":
            line.authorizations += (s[2],)
        elif kind in {"XZ", "VY"}:
            line.rx_number = s[2]
    elif claim is not None and r.other is None:
        if kind == "G1":
            claim.authorization = s[2]
        elif kind == "F8":
            claim.payer_control = s[2]
        elif kind == "EA":
            claim.record_number = s[2]


def _lin(r: _Reading, s: list[str], _: int) -> None:
    if r.line is not None and s[2] == "N4":
        r.line.ndc = s[3]


def _ctp(r: _Reading, s: list[str], _: int) -> None:
    if r.line is not None:
        r.line.ndc_quantity = r.amounts[s[4]] if s[4] else None
        r.line.ndc_unit = s[5].split(r.component)[0]


def _nte(r: _Reading, s: list[str], _: int) -> None:
    if r.line is not None:
        r.line.note = s[2]


def _amt(r: _Reading, s: list[str], _: int) -> None:
    if s[1] == "D" and r.other is not None and r.line is None:
        r.other.paid = r.amounts[s[2]]


def _svd(r: _Reading, s: list[str], _: int) -> None:
    if r.line is not None:
        r.line.adjudicated.append(Adjudicated(s[1], r.amounts[s[2]]))


def _cas(r: _Reading, s: list[str], _: int) -> None:
    total = sum((r.amounts[s[at]] for at in range(3, 20, 3)), ZERO)
    if r.line is not None and r.line.adjudicated:
        r.line.adjudicated[-1].adjusted += total
    elif r.other is not None:
        r.other.adjusted += total


_Taker = Callable[[_Reading, list[str], int], None]
_DIAGNOSES: Final = frozenset({"ABK", "ABF", "BK", "BF"})
_TAKERS: Final[dict[str, _Taker]] = {
    "HL": _hl, "SBR": _sbr, "NM1": _nm1, "DMG": _dmg, "CLM": _clm, "HI": _hi, "SV1": _sv1, "SV2": _sv2, "LX": _lx, "DTP": _dtp,
    "REF": _ref, "LIN": _lin, "CTP": _ctp, "NTE": _nte, "AMT": _amt, "SVD": _svd, "CAS": _cas,
}
_AMOUNTS_AT: Final = {
    "CLM": (2,), "SV1": (2, 4), "SV2": (3, 5), "CTP": (4,), "AMT": (2,), "SVD": (2,), "CAS": tuple(range(3, 20, 3)),
}
