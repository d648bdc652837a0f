# SPDX-License-Identifier: Apache-2.0
"""Vials for a dose, and the dose rounded to vials: the sheets that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.bench.vial import Chosen, Vial, choose_vials, nearest_vials
from openinfusion.calculations.domain.calculation import Result, Table, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, rows, text, whole
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Reason

_FREE: Final = whole("free", 0, 1_000_000, label="Free in stock", note="as many as needed if left out")
_COST: Final = amount("cost", "1", "0", "1000000", label="Cost of one")
_LOT: Final = text("lot", r"[\w-]{1,30}", "A1234", label="Lot")
_MASS_NEED: Final = amount("dose", "mg", "0.0001", "1000000", also={"g": "1000"})
_UNITS_NEED: Final = amount("dose", "[iU]", "1", "10000000")
_OPTIONAL: Final = ("free", "cost", "lot")
MASS_VIALS: Final = rows(
    "vials", amount("holds", "mg", "0.0001", "1000000", also={"g": "1000"}), _FREE, _COST, _LOT, optional=_OPTIONAL
)
UNIT_VIALS: Final = rows(
    "vials",
    amount("holds", "[iU]", "1", "10000000", label="Assayed units"),
    _FREE,
    _COST,
    _LOT,
    optional=_OPTIONAL,
    note="each lot with the units its carton prints",
)
POLICY: Final = choice("policy", *((r["policy"], r["label"]) for r in table("dose_rounding")))
_CHOICE_SOURCE: Final = published("Exact integer search: least waste, then fewest vials, then cost, then fewest lots", 2026)
_CHOICE: Final = "vials of which the sum is the least at or above the dose; of those the fewest, the cheapest, the fewest lots"
_ROUND_SOURCE: Final = published("HOPA dose rounding, Fahrenbruch 2018; the policy as a row", 2018)
_ROUND: Final = "the whole vials nearest to the dose, if they are within the policy's share of it; else the dose as ordered"


def read_vials(given: Sequence[dict[str, Any]]) -> tuple[Vial, ...]:
    """The rows as they were asked for."""
    return tuple(Vial(r["holds"], r["free"], r["cost"] or Decimal(0)) for r in given)


def vial_results(chosen: Chosen, vials: Sequence[Vial], unit: str) -> tuple[Result | Verdict, ...]:
    """The choice in words and in figures."""
    taken = [(n, v.holds) for n, v in zip(chosen.counts, vials, strict=True) if n]
    words = " + ".join(f"{n} × {_shown(holds, unit)}" for n, holds in sorted(taken, key=lambda t: -t[1]))
    return (
        Verdict("vials", "Vials", words.replace(" × ", "x"), words),
        Result("count", "Number of vials", Decimal(sum(chosen.counts)), "{each}", Decimal(1)),
        Result("total", "They hold", chosen.total, unit, Decimal("0.01")),
    )


def vial_table(chosen: Chosen, given: Sequence[dict[str, Any]], unit: str) -> Table:
    lines = tuple((str(n), _shown(r["holds"], unit), r["lot"] or "") for n, r in zip(chosen.counts, given, strict=True) if n)
    return Table("vials", "Vials to open", ("vials", "each", "lot"), lines)


def _shown(holds: Decimal, unit: str) -> str:
    if unit == "mg" and holds >= 1000:
        return f"{shown_number(holds / 1000)} g"
    return f"{shown_number(holds)} {shown_unit(unit)}"


def _chosen(need: Decimal, given: Sequence[dict[str, Any]], unit: str) -> Worked:
    vials = read_vials(given)
    chosen = choose_vials(need, vials)
    cost = sum((n * v.cost for n, v in zip(chosen.counts, vials, strict=True)), Decimal(0))
    return Worked(
        results=(
            *vial_results(chosen, vials, unit),
            Result("waste", "Left over", chosen.total - need, unit, Decimal("0.01")),
            Result("over", "Above the dose", (chosen.total - need) / need * 100, "%", Decimal("0.1")),
            Result("cost", "Cost", cost, "1", Decimal("0.01")),
        ),
        tables=(vial_table(chosen, given, unit),),
    )


@calculation("vial-choice", "Choice of vials", group="bench", formula=_CHOICE, source=_CHOICE_SOURCE)
def _vials(need: Annotated[Decimal, _MASS_NEED], vials: Annotated[tuple[dict[str, Any], ...], MASS_VIALS]) -> Worked:
    """For drugs by mass. The stock on hand bounds the choice; a lot is a row of its own."""
    return _chosen(need, vials, "mg")


@calculation("vial-choice-units", "Choice of vials by assayed units", group="bench", formula=_CHOICE, source=_CHOICE_SOURCE)
def _unit_vials(need: Annotated[Decimal, _UNITS_NEED], vials: Annotated[tuple[dict[str, Any], ...], UNIT_VIALS]) -> Worked:
    """For clotting factors and other drugs by activity: each lot holds what its assay says, not its nominal size."""
    return _chosen(need, vials, "[iU]")


def rounding_percent(policy: str) -> Decimal:
    """How far a dose may be rounded by a policy, in percent of it."""
    return row("dose_rounding", policy=policy).figure("percent")


def rounded_to_vials(need: Decimal, vials: Sequence[Vial], share: Decimal) -> tuple[Decimal, Chosen, Verdict]:
    """The dose after rounding, its vials, and in words whether it was rounded. Never silently."""
    near = nearest_vials(need, vials, share)
    if near is None:
        said = Verdict("rounding", "Rounding", "unchanged", "no whole vials are near enough; the dose stays as ordered", "info")
        return need, choose_vials(need, vials), said
    if near.total == need:
        return need, near, Verdict("rounding", "Rounding", "exact", "whole vials hold exactly the ordered dose", "ok")
    off = (near.total - need) / need * 100
    text_ = f"rounded from the ordered dose by {'+' if off > 0 else ''}{shown_number(round(off, 2))} %"
    return near.total, near, Verdict("rounding", "Rounding", "rounded", text_, "info")


def rounding_results(
    need: Decimal, vials: Sequence[Vial], share: Decimal, unit: str
) -> tuple[tuple[Result | Verdict, ...], Chosen]:
    """Ordered, rounded and what lies between, with the vials."""
    dose, chosen, said = rounded_to_vials(need, vials, share)
    hundredth = Decimal("0.01")
    return (
        said,
        Result("ordered", "Ordered dose", need, unit, hundredth),
        Result("dose", "Dose to give", dose, unit, hundredth),
        Result("difference", "Difference", (dose - need) / need * 100, "%", hundredth),
        *vial_results(chosen, vials, unit),
        Result("waste", "Left over", chosen.total - dose, unit, hundredth),
    ), chosen


def _rounded(need: Decimal, given: Sequence[dict[str, Any]], policy: str, unit: str) -> Worked:
    found = row("dose_rounding", policy=policy)
    results, chosen = rounding_results(need, read_vials(given), found.figure("percent") / 100, unit)
    agreed = Reason("needs-protocol", f"rounding by policy “{policy}” needs the prescriber's agreement or an approved protocol")
    return Worked(results=results, tables=(vial_table(chosen, given, unit),), warnings=(agreed,), used=(found.source,))


@calculation("dose-rounding", "Dose rounded to vials", group="bench", formula=_ROUND, source=_ROUND_SOURCE)
def _round(
    need: Annotated[Decimal, _MASS_NEED],
    vials: Annotated[tuple[dict[str, Any], ...], MASS_VIALS],
    policy: Annotated[str, POLICY],
) -> Worked:
    """To the nearest whole vials, up or down alike. Keeps what was ordered, the difference and the policy."""
    return _rounded(need, vials, policy, "mg")


@calculation("dose-rounding-units", "Dose in units rounded to vials", group="bench", formula=_ROUND, source=_ROUND_SOURCE)
def _round_units(
    need: Annotated[Decimal, _UNITS_NEED],
    vials: Annotated[tuple[dict[str, Any], ...], UNIT_VIALS],
    policy: Annotated[str, POLICY],
) -> Worked:
    """For clotting factors: the whole vials nearest to the dose by their assays."""
    return _rounded(need, vials, policy, "[iU]")
