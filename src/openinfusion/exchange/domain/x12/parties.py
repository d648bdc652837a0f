# SPDX-License-Identifier: Apache-2.0
"""Who stands in an inquiry: the payer asked, the provider who asks, the member it is about."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openinfusion.exchange.domain.x12.tokens import Segment
from openinfusion.exchange.domain.x12.writing import clean, day, segment


@dataclass(frozen=True, slots=True)
class Payer:
    """Whom we ask: the name, and the number the clearing house knows it by."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Who asks or serves. A person has a given name, an organization has none."""

    name: str
    npi: str
    given: str = ""
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Whom it is about. ``relation`` is empty for the subscriber; 01 spouse, 19 child, 34 other for a dependent."""

    family: str
    given: str = ""
    member_id: str = ""
    born_on: date | None = None
    sex: str = ""  # M, F or U
    group_number: str = ""
    relation: str = ""


NO_PAYER, NO_PROVIDER, NOBODY = Payer("", ""), Provider("", ""), Member("")


def payer_segment(qualifier: str, payer: Payer) -> str:
    """NM1 of a payer."""
    return f"NM1*{qualifier}*2*{clean(payer.name, 60)}*****PI*{clean(payer.id, 80)}"


def provider_segment(qualifier: str, who: Provider) -> str:
    """NM1 of a provider by its NPI."""
    kind = "1" if who.given else "2"
    return f"NM1*{qualifier}*{kind}*{clean(who.name, 60)}*{clean(who.given, 35)}****XX*{clean(who.npi, 10)}"


def member_segments(qualifier: str, who: Member) -> list[str]:
    """NM1, the group's number and DMG of a subscriber (IL) or dependent (03, QC)."""
    number = ("MI", clean(who.member_id, 80)) if who.member_id else ("", "")
    found = [segment("NM1", qualifier, "1", clean(who.family, 60), clean(who.given, 35), "", "", "", *number)]
    if who.group_number:
        found.append(f"REF*6P*{clean(who.group_number, 50)}")
    if who.born_on:
        found.append(segment("DMG", "D8", day(who.born_on), who.sex))
    return found


def payer_of(s: Segment) -> Payer:
    return Payer(s.at(3).strip(), s.at(9).strip())


def provider_of(s: Segment) -> Provider:
    return Provider(s.at(3).strip(), s.at(9).strip(), s.at(4).strip())


def member_of(s: Segment) -> Member:
    return Member(s.at(3).strip(), s.at(4).strip(), s.at(9).strip())
