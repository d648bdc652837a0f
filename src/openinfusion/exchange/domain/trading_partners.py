# SPDX-License-Identifier: Apache-2.0
"""Who sends and who receives our X12 files, from the data file."""
from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from openinfusion.exchange.domain.x12.claim_writer import Receiver

_FILE = Path(__file__).parent / "data" / "trading_partners.toml"


@dataclass(frozen=True, slots=True)
class Partners:
    sender_id: str
    contact: str
    receiver: Receiver
    is_test: bool


@cache
def partners() -> Partners:
    """The trading partners of this installation."""
    d = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Partners(
        d["sender"]["id"], d["sender"]["contact"], Receiver(d["receiver"]["name"], d["receiver"]["id"]),
        d["mode"]["is_test"],
    )
