# SPDX-License-Identifier: Apache-2.0
"""Who sends and who receives our files, from the data file: clearing houses by payer, switches of the pharmacy benefit."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openinfusion.exchange.domain.x12.claim_writer import Receiver

_FILE = Path(__file__).parent / "data" / "trading_partners.toml"


@dataclass(frozen=True, slots=True)
class Switch:
    """Where a plan's pharmacy claims go: its processor's BIN and PCN."""

    payer: str
    bin: str
    processor: str


@dataclass(frozen=True, slots=True)
class Partners:
    """``receiver`` takes everything that no clearing house of its own is named for."""

    sender_id: str
    contact: str
    receiver: Receiver
    is_test: bool
    houses: tuple[tuple[Receiver, frozenset[str]], ...] = ()
    switches: tuple[Switch, ...] = ()


@cache
def partners() -> Partners:
    """The trading partners of this installation."""
    d = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Partners(
        d["sender"]["id"], d["sender"]["contact"], Receiver(d["receiver"]["name"], d["receiver"]["id"]),
        d["mode"]["is_test"],
        tuple((Receiver(h["name"], h["id"]), frozenset(h["payers"])) for h in d.get("house", ())),
        tuple(Switch(s["payer"], s["bin"], s["processor"]) for s in d.get("switch", ())),
    )


def receiver_for(payer_id: str) -> Receiver:
    """The clearing house that reaches a payer."""
    return next((house for house, payers in partners().houses if payer_id in payers), partners().receiver)


def switch_for(payer_id: str) -> Switch | None:
    """The processor of a payer's pharmacy benefit; None where it is not on file."""
    return next((s for s in partners().switches if s.payer == payer_id), None)
