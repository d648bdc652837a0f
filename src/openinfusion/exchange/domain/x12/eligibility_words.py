# SPDX-License-Identifier: Apache-2.0
"""A 271 in words: our own paraphrases of its codes, and one sentence for each benefit."""
from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files

from openinfusion.exchange.domain.x12.eligibility import Benefit


@cache
def _words() -> dict[str, dict[str, str]]:
    text = (files("openinfusion.exchange.domain") / "data" / "x12_words.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found


def word(table: str, code: str) -> str:
    """Our paraphrase of a code, or the code itself with its table where we have none: unknown is said, not guessed."""
    if not code:
        return ""
    return _words()[table].get(code, f"{table.replace('_', ' ')} {code}")


def rejection_words(code: str, follow_up: str) -> tuple[str, str]:
    """What an AAA says, and what to do next."""
    return word("rejection", code), word("follow_up", follow_up)


def in_words(benefit: Benefit) -> str:
    """One benefit as a sentence: what, for what, how much, in which period, in or out of network."""
    parts = [word("benefit", benefit.kind)]
    if benefit.service_types:
        parts.append("for " + ", ".join(word("service_type", t) for t in benefit.service_types))
    if benefit.code:
        parts.append(f"code {benefit.code}")
    parts += [p for p in (_amount(benefit), word("period", benefit.period), word("coverage_level", benefit.level)) if p]
    parts += [p for p in (_network(benefit.in_network), _authorization(benefit.authorization)) if p]
    if benefit.plan:
        parts.append(f"plan {benefit.plan}")
    parts += [f"{word('entity', r.role)} {r.name}".strip() for r in benefit.related]
    parts += benefit.messages
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def _amount(benefit: Benefit) -> str:
    said = []
    if benefit.amount is not None:
        said.append(f"${benefit.amount:,.2f}")
    if benefit.share is not None:
        percent = benefit.share * 100
        said.append(f"{percent.normalize() if percent != percent.to_integral() else percent.quantize(Decimal(1))} %")
    if benefit.quantity is not None:
        said.append(f"{benefit.quantity} {word('quantity', benefit.quantity_of)}".strip())
    return ", ".join(said)


def _network(mark: str) -> str:
    return {"Y": "in network", "N": "out of network", "W": "in and out of network"}.get(mark, "")


def _authorization(mark: str) -> str:
    return {
        "Y": "authorization is needed", "N": "no authorization is needed", "U": "whether authorization is needed is not said",
    }.get(mark, "")
