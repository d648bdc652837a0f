# SPDX-License-Identifier: Apache-2.0
"""Who somebody is: demographics, the keys they are searched by, and when two records are the same person."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.position import Position
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.zip_code import shown_zip


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives. ``point``: where that is on the map, where somebody said so, and ``located_how`` they knew."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    point: Position | None = None
    located_how: str = ""

    @property
    def whole(self) -> bool:
        """Whether something can be delivered here."""
        return all((self.line1, self.city, self.state, self.zip))

    def __str__(self) -> str:
        street = ", ".join(part for part in (self.line1, self.line2) if part)
        return ", ".join(part for part in (street, self.city, f"{self.state} {shown_zip(self.zip)}".strip()) if part)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number somebody else knows the person by: who gave it (a system's address) and the number."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Demographics:
    """What is known of a person. ``timezone`` empty: the zone of the address's state."""

    family: str
    given: str
    born_on: date
    sex: Sex
    address: Address = Address()
    phone: str = ""
    email: str = ""
    language: str = ""
    timezone: str = ""
    identifiers: tuple[Identifier, ...] = ()

    def faults(self, today: date) -> list[Fault]:
        """What is wrong with these, in words; none means they can be kept."""
        found = []
        if not key_of(self.family):
            found.append(Fault("family", "the family name is missing"))
        if not key_of(self.given):
            found.append(Fault("given", "the given name is missing"))
        if self.born_on > today:
            found.append(Fault("born_on", f"the birth date {self.born_on:%d-%b-%Y} lies in the future"))
        if self.born_on.year < today.year - 130:
            found.append(Fault("born_on", f"the birth date {self.born_on:%d-%b-%Y} is more than 130 years ago"))
        if self.address.zip and not re.fullmatch(r"[0-9]{5}(-?[0-9]{4})?", self.address.zip):
            found.append(Fault("zip", f"“{self.address.zip}” is not a ZIP code"))
        return found

    def check(self, today: date) -> None:
        if found := self.faults(today):
            raise Malformed(*found)


def key_of(name: str) -> str:
    """A name as it is searched: no accents, no case, no punctuation. "O'Brien-Núñez" → "obriennunez"."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if c.isalnum())


def age_on(born_on: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


class Likeness(StrEnum):
    SAME = "same"
    NEAR = "near"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Known:
    """A registered person as matching sees them."""

    id: UUID
    family_key: str
    given_key: str
    born_on: date
    sex: str
    zip: str


def likeness(new: Demographics, known: Known, *, by_identifier: bool) -> tuple[Likeness, str]:
    """Whether these are one person, and why. An identifier counts only if the birth date or the name agrees."""
    same_name = (key_of(new.family), key_of(new.given)) == (known.family_key, known.given_key)
    same_birth = new.born_on == known.born_on
    if by_identifier:
        if same_birth or same_name:
            return Likeness.SAME, "same identifier"
        return Likeness.NEAR, "same identifier, but another name and birth date"
    if same_name and same_birth and new.sex == known.sex and new.address.zip[:5] == known.zip[:5] and known.zip:
        return Likeness.SAME, "same name, birth date, sex and ZIP code"
    if same_name and same_birth:
        return Likeness.NEAR, "same name and birth date"
    if same_birth and key_of(new.family) == known.family_key:
        return Likeness.NEAR, "same family name and birth date"
    if same_name and known.zip and new.address.zip[:5] == known.zip[:5]:
        return Likeness.NEAR, "same name and ZIP code"
    return Likeness.OTHER, ""


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def mrn_of(id: UUID) -> str:
    """A record number from an id: eight characters nobody confuses and one that checks them, as K3M9-QXD7-2."""
    number = id.int & ((1 << 40) - 1)
    digits = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(35, -5, -5))
    return f"{digits[:4]}-{digits[4:]}-{mrn_check(digits)}"


def mrn_check(digits: str) -> str:
    """The check character: a weighted sum, so that one wrong or two swapped characters are seen."""
    return _ALPHABET[sum((n + 2) * _ALPHABET.index(c) for n, c in enumerate(digits)) % 31]
