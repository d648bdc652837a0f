# SPDX-License-Identifier: Apache-2.0
"""Reads of regimens, of the hazards of handling and of the schedules of controlled drugs."""
from __future__ import annotations

from datetime import date
from functools import cache

from openinfusion.catalog.adapters import rows
from openinfusion.catalog.domain.controlled import Controlled
from openinfusion.catalog.domain.hazard import Hazard
from openinfusion.catalog.domain.regimen import Regimen, read_regimen
from openinfusion.catalog.models import Regimen as Row
from openinfusion.catalog.queries.shelf import remembered
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.standing import Source, Standing


@remembered
def all_regimens() -> tuple[Regimen, ...]:
    """The newest edition of each regimen, by name."""
    newest = {row.code: row for row in Row.objects.order_by("edition")}
    return tuple(sorted((regimen_fact(row) for row in newest.values()), key=lambda r: r.name.lower()))


def regimen_fact(row: Row) -> Regimen:
    return read_regimen(row.body, row.standing())


def regimen_row(code: str, edition: int | None = None) -> Row:
    """The row of an edition, the newest if none is named; NotFound where there is none."""
    found = Row.objects.filter(code=code, **({"edition": edition} if edition else {})).order_by("-edition").first()
    if found is None:
        raise NotFound(f"regimen {code}")
    return found


@remembered
def regimen_by_code(code: str, edition: int | None = None) -> Regimen:
    return regimen_fact(regimen_row(code, edition))


@cache
def hazards() -> dict[str, Hazard]:
    """Every drug that is dangerous to handle, by its code."""
    return {
        r["drug_code"]: Hazard(
            r["drug_code"], r["niosh_table"], r["only_route"], r["label_warning"],
            Source(r["source"], date.fromisoformat(r["effective_from"]), Standing(r["status"])),
        )
        for r in rows("hazards")
    }


@cache
def controlled() -> dict[str, Controlled]:
    """Every controlled drug, by its code."""
    return {
        r["drug_code"]: Controlled(
            r["drug_code"], r["schedule"], r["narcotic"] == "yes",
            Source(r["source"], date.fromisoformat(r["effective_from"]), Standing(r["status"])),
        )
        for r in rows("controlled")
    }
