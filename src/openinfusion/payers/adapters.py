# SPDX-License-Identifier: Apache-2.0
"""Reads the data files of payers: payers with plans and contracts, their criteria and rules (TOML), rates (CSV)."""
from __future__ import annotations

import csv
import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openinfusion.kernel.standing import Source, Standing
from openinfusion.payers.domain.code_change import CodeChange
from openinfusion.payers.domain.criterion import CriteriaSet, Criterion, CriterionKind
from openinfusion.payers.domain.rule import Rule, parse_rule

DATA = Path(__file__).parent / "data"


@cache
def terms() -> dict[str, Any]:
    with (DATA / "payers.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def rates() -> tuple[dict[str, str], ...]:
    """One row a code; a column a schedule, empty where the schedule does not price the code."""
    with (DATA / "rates.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def rules_on_file() -> dict[str, tuple[Rule, ...]]:
    """The rules for payers of each type, whatever the day."""
    with (DATA / "rules.toml").open("rb") as file:
        blocks = tomllib.load(file)["rules"]
    found: dict[str, tuple[Rule, ...]] = {}
    for block in blocks:
        source = Source(block["source"], block["effective_from"], Standing(block["status"]))
        rules = tuple(parse_rule(line, source, block.get("effective_to")) for line in block["lines"])
        for type in block["types"]:
            found[type] = (*found.get(type, ()), *rules)
    return found


@cache
def code_changes() -> tuple[CodeChange, ...]:
    """The codes that ended, with what followed them."""
    with (DATA / "code_changes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            CodeChange(
                r["old"], r["new"], Decimal(r["factor"]), date.fromisoformat(r["ended"]),
                Source(r["source"], date.fromisoformat(r["ended"]), Standing(r["status"])),
            )
            for r in csv.DictReader(file)
        )


@cache
def criteria() -> tuple[CriteriaSet, ...]:
    """What payers want to see before they authorize."""
    with (DATA / "criteria.toml").open("rb") as file:
        blocks = tomllib.load(file)["criteria"]
    return tuple(_criteria_set(block) for block in blocks)


def _criteria_set(block: dict[str, Any]) -> CriteriaSet:
    source = Source(block["source"], block["effective_from"], Standing(block["status"]))
    items = tuple(
        Criterion(
            i["code"], i["text"], CriterionKind(i["kind"]), tuple(i.get("any_of", ())), i.get("within_days"),
            Decimal(i["low"]) if "low" in i else None, Decimal(i["high"]) if "high" in i else None, i.get("unit", ""), source,
        )
        for i in block["items"]
    )
    return CriteriaSet(
        payer_codes=frozenset(block.get("payers", ())), payer_types=frozenset(block.get("types", ())),
        classes=frozenset(block.get("classes", ())), drugs=frozenset(block.get("drugs", ())), source=source, criteria=items,
        code=block["code"],
    )
