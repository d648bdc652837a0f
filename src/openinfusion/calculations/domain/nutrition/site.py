# SPDX-License-Identifier: Apache-2.0
"""What a site may set for itself: which limits there are, and how its own bounds stand in front of those on file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from openinfusion.calculations.domain.figures import table
from openinfusion.calculations.domain.nutrition.gauge import Limit, limit
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.kernel.standing import Source

BOUNDS = ("soft_low", "soft_high", "hard_low", "hard_high")
_LIPID = (("lipid", "g/kg/d"), ("lipid_rate", "mL/kg/h"))


@dataclass(frozen=True, slots=True)
class LimitName:
    """A limit that a gauge asks for: its name, the group it holds for (an age group, a line, an emulsion), its unit."""

    name: str
    group: str
    unit: str


@cache
def limit_names() -> tuple[LimitName, ...]:
    """Every limit that may be set, in the order of the rows."""
    rows = [LimitName(r["name"], r["group"], r["unit"]) for r in table("nutrition_limits") if r["name"] != "slip"]
    lipid = [LimitName(name, r["code"], unit) for r in table("nutrition_lipid") for name, unit in _LIPID]
    return (*dict.fromkeys(rows), *lipid)


def site_limit(name: str, group: str, bounds: Mapping[str, Decimal | None], source: Source) -> Limit:
    """The limit with these bounds. One that is left blank stays as on file, so that setting a soft bound drops no hard one.

    Refused for a name that no gauge asks for, without any bound, or where the bounds cross.
    """
    found = next((n for n in limit_names() if (n.name, n.group) == (name, group)), None)
    if found is None:
        raise Refused(Reason("limit-unknown", f"no gauge asks for a limit “{name}” of “{group}”", "choose one of the list"))
    if all(bounds.get(b) is None for b in BOUNDS):
        raise Refused(Reason("no-bound", "a limit without any bound limits nothing", "write one bound at least"))
    shipped = limit(name, group)
    kept = {b: getattr(shipped, b, None) if bounds.get(b) is None else bounds[b] for b in BOUNDS}
    return Limit(name=name, group=group, unit=found.unit, source=source, **kept)
