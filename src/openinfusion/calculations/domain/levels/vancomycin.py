# SPDX-License-Identifier: Apache-2.0
"""Vancomycin before there is a level: load, maintenance by weight, daily dose by clearance, and how fast it may run."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openinfusion.calculations.domain.body import AGE, WEIGHT
from openinfusion.calculations.domain.calculation import Result, Step, Table, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import choice, yes_no
from openinfusion.calculations.domain.levels.covariates import CRCL
from openinfusion.calculations.domain.levels.population import Covariates, model, typical
from openinfusion.calculations.domain.levels.target import AREA, HUNDREDTH, TARGET, TENTH, WHOLE, target_area, target_source
from openinfusion.calculations.domain.levels.two_levels import DOSE
from openinfusion.kernel.quantity import Rounding
from openinfusion.kernel.refusal import Reason, Refused

SITUATION: Final = choice(
    "situation", ("critically-ill", "critically ill"), "obese", ("continuous", "before a continuous infusion")
)
OBESE: Final = yes_no("obese", note="adults: the daily maximum of obesity")
RESTRICTED: Final = yes_no("fluid_restricted")

CONSENSUS: Final = published("Rybak MJ, Am J Health Syst Pharm 2020;77:835 (ASHP, IDSA, PIDS, SIDP)", 2020)
_BEFORE_A_LEVEL: Final = ("matzke-1984", "bauer", "vancopk", "birt", "burton", "ambrose")


@calculation(
    "vancomycin-loading",
    "Vancomycin: loading dose",
    group="levels",
    formula="mg/kg × actual weight, to the nearest 250 mg, at most 3000 mg",
    source=CONSENSUS,
)
def _load(weight: Annotated[Decimal, WEIGHT], situation: Annotated[str, SITUATION]) -> Worked:
    """From the lower to the upper mg/kg of the situation, by actual weight, with the cap."""
    of = row("vancomycin", name="load", situation=situation)
    most, step = of.figure("most_mg"), of.figure("round_to_mg")
    low, high = (of.figure(f"{end}_mg_per_kg") * weight for end in ("low", "high"))
    return Worked(
        results=(
            Result("low", "From", min(low, most), "mg", step),
            Result("high", "To", min(high, most), "mg", step),
        ),
        warnings=(Reason("capped", f"capped at {most:f} mg"),) if high > most else (),
        used=(of.source,),
    )


@calculation(
    "vancomycin-maintenance",
    "Vancomycin: maintenance by weight",
    group="levels",
    formula="adults 15 to 20 mg/kg a dose; children 60 to 80 and adolescents 60 to 70 mg/kg a day",
    source=CONSENSUS,
)
def _maintenance(
    weight: Annotated[Decimal, WEIGHT],
    age: Annotated[Decimal, AGE],
    obese: Annotated[bool, OBESE] = False,
) -> Worked:
    """A first schedule with normal kidneys, for each interval of the age; levels take over from it."""
    of = _of_age(age)
    capped = of["group"] != "adult" or obese
    most = of.figure("most_mg_per_day")
    lines, greatest = [], Decimal(0)
    for hours in of["intervals"]:
        doses_a_day = Decimal(24) / hours
        each = doses_a_day if of["per"] == "day" else Decimal(1)
        low, high = (_held(of.figure(f"{end}_mg_per_kg") * weight / each, most / doses_a_day, capped) for end in ("low", "high"))
        greatest = max(greatest, high * doses_a_day)
        lines.append(
            (f"every {hours} h", f"{low:.0f} to {high:.0f} mg", f"{low * doses_a_day:.0f} to {high * doses_a_day:.0f} mg")
        )
    text = f"above {of['early_level_above_mg_per_day']} mg in 24 h draw a level early"
    early = greatest > of.figure("early_level_above_mg_per_day")
    avoid = of.figure("avoid_from_mg_per_kg_per_day")
    return Worked(
        results=(Result("most_per_day", "At most in 24 h", greatest, "mg", WHOLE),),
        steps=(Step(f"Group: {of['group']}"), *((Step("Avoid from", avoid, "mg/kg/d"),) if avoid else ())),
        warnings=(Reason("early-level", text),) if early else (),
        used=(of.source,),
        tables=(Table("schedules", "Schedules", ("interval", "dose", "in 24 h"), tuple(lines)),),
    )


def _held(dose: Decimal, most: Decimal, capped: bool) -> Decimal:
    return min(dose, most) if capped else dose


def _of_age(age: Decimal) -> Row:
    for of in table("vancomycin"):
        if of["name"] == "maintenance" and of.figure("from_years") <= age < of.figure("below_years"):
            return of
    text = "no schedule by weight below 3 months"
    raise Refused(Reason("too-young", text, "use vancomycin-population with a model of newborns"))


@calculation(
    "vancomycin-daily-dose",
    "Vancomycin: daily dose by clearance",
    group="levels",
    formula="CL × AUC24, with CL by Matzke, Bauer and others; Rodvold 0.227 × CrCl + 5.67 mg/kg; the label's table; 15 × CrCl",
    source=published("Matzke 1984; Rodvold, Antimicrob Agents Chemother 1988;32:848; vancomycin label", 1988),
)
def _daily(
    weight: Annotated[Decimal, WEIGHT],
    age: Annotated[Decimal, AGE],
    crcl: Annotated[Decimal, CRCL],
    target: Annotated[Decimal | None, TARGET] = None,
) -> Worked:
    """What the published rules give for the same patient, side by side: they differ, and the label's doses are low."""
    wanted, label = target_area(target), row("vancomycin", name="label")
    known = Covariates(weight=weight, age=age, crcl=crcl)
    lines, used = [], [target_source(), label.source]
    for name in _BEFORE_A_LEVEL:
        of = model(name)
        clearance = typical(of, known)["clearance"]
        lines.append((of["title"], f"{clearance:.2f}", f"{clearance * wanted:.0f}"))
        used.append(of.source)
    matzke = typical(model("matzke-1984"), known)["clearance"]
    read = _label_dose(crcl, label)
    by_label = Result("label", "Label table", read, "mg", WHOLE) if read else _beyond()
    rodvold = rodvold_mg_per_kg(crcl)
    return Worked(
        results=(
            Result("clearance", "Clearance (Matzke)", matzke, "L/h", HUNDREDTH),
            Result("matzke", "In 24 h by Matzke, for the target", matzke * wanted, "mg", WHOLE),
            Result("rodvold_per_kg", "By Rodvold, a day", rodvold, "mg/kg", HUNDREDTH),
            Result("rodvold", "In 24 h by Rodvold", rodvold * weight, "mg", WHOLE),
            by_label,
            Result("fifteen", "15 × clearance", label.figure("mg_per_ml_per_min") * crcl, "mg", WHOLE),
        ),
        steps=(Step("Target AUC24", wanted, AREA),),
        used=tuple(used),
        tables=(Table("models", "By model, for the target", ("model", "CL L/h", "mg in 24 h"), tuple(lines)),),
    )


def rodvold_mg_per_kg(crcl: Decimal) -> Decimal:
    """Vancomycin a day, mg/kg, after Rodvold 1988: 0.227 × clearance (mL/min) + 5.67."""
    return Decimal("0.227") * crcl + Decimal("5.67")


def _label_dose(crcl: Decimal, label: Row) -> Decimal | None:
    """The label's mg in 24 h, read at the nearest lower line of its table; None beyond the table."""
    lines = [mg for at, mg in label["table"] if at <= crcl]
    return Decimal(lines[0]) if lines and crcl < label["table"][0][0] + 10 else None


def _beyond() -> Verdict:
    return Verdict("label", "Label table", "cannot-judge", "the table goes from 10 to 100 mL/min", "warn")


@calculation(
    "vancomycin-rate",
    "Vancomycin: how fast it may run",
    group="levels",
    formula="time = the longer of 60 min and dose ÷ 10 mg/min; volume ≥ dose ÷ 5 mg/mL (10 where fluid is restricted)",
    source=published("Vancomycin label", 2020),
)
def _rate(dose: Annotated[Decimal, DOSE], restricted: Annotated[bool, RESTRICTED] = False) -> Worked:
    """The shortest infusion and the smallest volume that the label allows."""
    of = row("vancomycin", name="rate")
    minutes = max(of.figure("least_minutes"), dose / of.figure("most_mg_per_min"))
    strength = of.figure("most_mg_per_ml_restricted" if restricted else "most_mg_per_ml")
    return Worked(
        results=(
            Result("time", "At least over", minutes, "min", WHOLE, Rounding.UP),
            Result("volume", "In at least", dose / strength, "mL", WHOLE, Rounding.UP),
            Result("rate", "So at most", dose / minutes, "mg/min", TENTH, Rounding.DOWN),
        ),
        used=(of.source,),
    )
