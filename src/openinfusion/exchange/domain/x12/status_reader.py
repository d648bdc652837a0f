# SPDX-License-Identifier: Apache-2.0
"""The 276, the 277 and the 277CA read: one value for each TRN, with every STC below it."""
from __future__ import annotations

from dataclasses import replace
from typing import Final

from openinfusion.exchange.domain.x12.parties import NO_PAYER, Member, Payer, Provider, member_of, payer_of, provider_of
from openinfusion.exchange.domain.x12.sets import TransactionSet, transaction_sets
from openinfusion.exchange.domain.x12.status import ClaimStanding, Standing
from openinfusion.exchange.domain.x12.tokens import Segment, interchanges_of
from openinfusion.exchange.domain.x12.unreadable import Unreadable

_LEVELS: Final = {"20": "source", "21": "receiver", "19": "provider", "22": "subscriber", "23": "dependent", "PT": "patient"}


def read_standings(data: bytes | str) -> tuple[ClaimStanding, ...]:
    """Everything that the 276s, 277s and 277CAs of a file ask or say; Unreadable where there is none."""
    sets = [one for one in transaction_sets(interchanges_of(data)) if one.kind in {"276", "277"}]
    if not sets:
        raise Unreadable(0, "ST", "there is no 276 and no 277 in this file")
    return tuple(s for one in sets for s in standings_in(one))


def standings_in(one: TransactionSet) -> list[ClaimStanding]:
    """Every subject of one transaction."""
    r = _Reading()
    for s in one.numbered():
        taker = _TAKERS.get(s.name)
        if taker is not None:
            taker(r, s)
    return r.found


class _Reading:
    """The level of the last HL, who was named last, and whether a service line is being read."""

    def __init__(self) -> None:
        self.found: list[ClaimStanding] = []
        self.level = ""
        self.payer: Payer = NO_PAYER
        self.provider: Provider | None = None
        self.member: Member | None = None
        self.is_open = self.in_service = False

    def change(self, **fields: object) -> None:
        """Something more about the subject now read; before its TRN there is none."""
        if self.is_open:
            self.found[-1] = replace(self.found[-1], **fields)  # type: ignore[arg-type]


def _hl(r: _Reading, s: Segment) -> None:
    r.level, r.is_open, r.in_service = _LEVELS.get(s.at(3), s.at(3)), False, False
    if r.level in {"source", "receiver", "provider", "subscriber"}:
        r.member = None


def _nm1(r: _Reading, s: Segment) -> None:
    if s.at(1) in {"PR", "AY"}:  # a payer, or a clearing house that answers for itself
        r.payer = payer_of(s)
    elif s.at(1) in {"1P", "85"}:
        r.provider = provider_of(s)
    elif s.at(1) in {"IL", "QC"}:
        before = r.member.member_id if r.member is not None else ""
        who = member_of(s)
        r.member = replace(who, member_id=who.member_id or before)


def _dmg(r: _Reading, s: Segment) -> None:
    if r.member is not None:
        r.member = replace(r.member, born_on=s.day(2), sex=s.at(3))


def _trn(r: _Reading, s: Segment) -> None:
    r.found.append(ClaimStanding(s.number, r.level, s.at(2), r.payer, (), member=r.member, provider=r.provider))
    r.is_open, r.in_service = True, False


def _stc(r: _Reading, s: Segment) -> None:
    more = [s.parts(at) for at in (10, 11) if s.at(at)]
    said = [
        Standing(s.number, part[0], part[1] if len(part) > 1 else "", part[2] if len(part) > 2 else "", s.day(2), s.at(3),
                 s.figure(4), s.figure(5), s.at(12))
        for part in (s.parts(1), *more)
    ]
    if not r.is_open:
        r.found.append(ClaimStanding(s.number, r.level, "", r.payer, (), member=r.member, provider=r.provider))
        r.is_open = True
    if r.in_service:
        r.change(service_standings=(*r.found[-1].service_standings, *said))
    else:
        r.change(standings=(*r.found[-1].standings, *said))


def _ref(r: _Reading, s: Segment) -> None:
    if s.at(1) == "1K":
        r.change(payer_control=s.at(2))
    elif s.at(1) == "D9":
        r.change(clearing_control=s.at(2))


def _dtp(r: _Reading, s: Segment) -> None:
    if s.at(1) in {"472", "232"} and not r.in_service:
        first, last = s.span(2, 3)
        r.change(first_on=first, last_on=last)


def _amt(r: _Reading, s: Segment) -> None:
    if s.at(1) in {"T3", "YU", "YY"}:
        r.change(charge=s.figure(2))


def _svc(r: _Reading, _: Segment) -> None:
    r.in_service = True


_TAKERS: Final = {
    "HL": _hl, "NM1": _nm1, "DMG": _dmg, "TRN": _trn, "STC": _stc, "REF": _ref, "DTP": _dtp, "AMT": _amt, "SVC": _svc,
}
