# SPDX-License-Identifier: Apache-2.0
"""The link of a patient's own page: open, locked after wrong codes, revoked; its secret, its code, its tries."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.permissions import GIVE, USE

SECRET_BYTES = 26  # 42 bytes with the house's id: an address without padding
_UUID_BYTES = 16


class LinkState(StrEnum):
    OPEN = "open"
    LOCKED = "locked"
    REVOKED = "revoked"


class CodeWay(StrEnum):
    """How the code reaches the patient: never by the way the link goes."""

    PHONE = "phone"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """How many codes were wrong."""

    wrong_tries: int = 0


def too_many_were_wrong(f: LinkFacts) -> Reason | None:
    return None if f.wrong_tries >= whole("wrong_tries") else Reason("tries-left", "there are tries left")


_S = LinkState
_LOCKED = "{subject} was locked after {tries} wrong codes in the name of {actor}"
LINK: Machine[LinkState, LinkFacts] = Machine(
    name="portal.link",
    initial=_S.OPEN,
    owners={_S.OPEN: "", _S.LOCKED: "", _S.REVOKED: ""},
    tones={_S.OPEN: "ok", _S.LOCKED: "crit", _S.REVOKED: "idle"},
    steps=(
        Step("lock", _S.OPEN, _S.LOCKED, USE.code, "Lock", _LOCKED, (too_many_were_wrong,)),
        Step("renew", _S.OPEN, _S.OPEN, GIVE.code, "New link and code", "{actor} gave {subject} anew", (), "primary"),
        Step("renew", _S.LOCKED, _S.OPEN, GIVE.code, "New link and code", "{actor} gave {subject} anew", (), "primary"),
        Step("revoke", _S.OPEN, _S.REVOKED, GIVE.code, "Revoke", "{actor} revoked {subject}", (), "danger", needs_reason=True),
        Step("revoke", _S.LOCKED, _S.REVOKED, GIVE.code, "Revoke", "{actor} revoked {subject}", (), "danger", needs_reason=True),
    ),
)


def token_of(organization_id: UUID, secret: bytes) -> str:
    """What stands in the address: whose house it is, and the secret. The first part is no secret."""
    return urlsafe_b64encode(organization_id.bytes + secret).decode()


def house_of(token: str) -> UUID | None:
    """The house a token names; None where it is no token at all."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except (Error, ValueError):
        return None
    return UUID(bytes=raw[:_UUID_BYTES]) if len(raw) == _UUID_BYTES + SECRET_BYTES else None


def digest(token: str) -> str:
    """How a token is kept: a long random secret needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def next_try_at(wrong: int, now: datetime) -> datetime:
    """When a code may be tried again after so many wrong ones: each wait is twice the one before."""
    return now + timedelta(seconds=whole("wait_seconds") * 2 ** (wrong - 1))


def closed(state: str, expires_at: datetime, now: datetime) -> bool:
    """Whether nobody comes in by this link now. The patient is told the same in every case."""
    return state != LinkState.OPEN or expires_at <= now
