# SPDX-License-Identifier: Apache-2.0
"""Which licence a task needs and in which state: rows with a source, judged against what a person has on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from openinfusion.kernel import figures
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """One row. ``where``: site or ship_to; ``held``: one must be on record, not only none that has expired."""

    task: str
    kind: str
    where: str
    held: bool
    source: Source


@cache
def licence_rules() -> tuple[LicenceRule, ...]:
    """The rows of data/licence_rules.toml."""
    return tuple(
        LicenceRule(
            r["task"],
            r["kind"],
            r["where"],
            r["requires"] == "held",
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        )
        for r in figures.rows("openinfusion.team.domain", "data/licence_rules.toml")
    )


def task_reasons(
    task: str, licences: Iterable[tuple[str, str, date]], states: Mapping[str, str], on: date, person: str
) -> list[Reason]:
    """Every reason why a person's licences do not cover a task on a day, each once.

    ``licences``: kind, state and last day of each on record; ``states``: the state of each place a rule may ask for.
    """
    mine, found = list(licences), {}
    for rule in licence_rules():
        state = states.get(rule.where, "")
        if rule.task != task or rule.source.effective_from > on or not state:
            continue
        for reason in _against(rule, [until for kind, at, until in mine if (kind, at) == (rule.kind, state)], state, on, person):
            found[str(reason)] = reason
    return list(found.values())


def _against(rule: LicenceRule, until: list[date], state: str, on: date, person: str) -> list[Reason]:
    if not until:
        if not rule.held:
            return []
        text = f"{person} has no {rule.kind} licence for {state} on record"
        return [Reason("licence-missing", text, "compliance records it")]
    if max(until) < on:
        text = f"{person}'s {rule.kind} licence for {state} expired on {max(until):%d-%b-%Y}"
        return [Reason("licence-expired", text, "a renewal on record")]
    return []
