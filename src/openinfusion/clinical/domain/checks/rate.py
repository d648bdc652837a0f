# SPDX-License-Identifier: Apache-2.0
"""How fast, how strong, in how much: rate, time, concentration and dilution by drug (clinical specification 6.4)."""

from __future__ import annotations

from decimal import Decimal

from openinfusion.clinical.domain.caution import Caution, cautions_for
from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.kernel.quantity import Unit, rounded, shown_number, unit

_HUNDREDTH = Decimal("0.01")


def check_rate(facts: Facts) -> list[Finding]:
    """Whether the infusion is slow enough and dilute enough for its drug and line."""
    order = facts.order
    rows = cautions_for("rates.toml", terms(order.drug)) if order.intravenous else ()
    found = [*_disagreement(facts), *(f for row in rows for f in _against(row, facts))]
    if found:
        return found
    told = f"{len(rows)} row(s) about this drug looked at" if rows else "No rate or concentration row is on file for this drug"
    return [Finding(rule="rate", code="rate-passed", tier=Tier.PASSED, title="Nothing against rate and concentration",
                    text=f"{told}.", evidence=(order.drug.code,))]


def _disagreement(facts: Facts) -> list[Finding]:
    """The ordered rate and the ordered time give two different volumes."""
    order, tolerance = facts.order, figure("rate_tolerance")
    if not order.rate_ml_per_h or not order.volume_ml or not order.infusion_minutes:
        return []
    by_rate = order.rate_ml_per_h * order.infusion_minutes / 60
    if abs(by_rate - order.volume_ml) <= tolerance.value * order.volume_ml:
        return []
    return [Finding(
        rule="rate", code="rate-time-disagree", tier=Tier.SOFT, title="Rate and time do not agree",
        text=f"{_said(order.rate_ml_per_h)} mL/h over {order.infusion_minutes} minutes are {_said(by_rate)} mL; one dose is "
             f"{_said(order.volume_ml)} mL.",
        do="clarify rate or time", evidence=(str(order.dose), str(order.rate_ml_per_h), str(order.infusion_minutes),
                                             str(order.volume_ml)), source=tolerance.source,
    )]


def _against(row: Caution, facts: Facts) -> list[Finding]:
    return [f for look in (_too_fast, _too_short, _too_strong, _too_dilute, _too_little) for f in look(row, facts)]


def _too_fast(row: Caution, facts: Facts) -> list[Finding]:
    order, most, hard = facts.order, row.number("most_per_hour"), row.number("hard_per_hour")
    if most is None or not order.infusion_minutes:
        return []
    kind = unit(row.word("unit"))
    if order.dose.unit.dimension is not kind.dimension:
        return [_unit_differs(row, facts, kind)]
    got, per = order.dose.to(kind).amount * 60 / order.infusion_minutes, f"{kind}/h"
    weight = facts.patient.weight_kg
    if row.word("per_kg"):
        if weight is None:
            return [_no_weight(row, facts)]
        got, per = got / weight.value, f"{kind}/kg/h"
    if got <= most:
        return []
    stops = hard is not None and got > hard
    return [_finding(row, facts, f"{_said(got)} {per}; at most {_said(most)}. {row.text}", (str(order.infusion_minutes),),
                     Tier.HARD if stops else row.tier)]


def _too_short(row: Caution, facts: Facts) -> list[Finding]:
    least, minutes = row.whole("least_minutes"), facts.order.infusion_minutes
    if least is None or not minutes or minutes >= least:
        return []
    return [_finding(row, facts, f"Over {minutes} minutes; at least {least}. {row.text}", (str(minutes),))]


def _too_strong(row: Caution, facts: Facts) -> list[Finding]:
    most, tips, per_ml = row.number("most_per_ml"), row.words("tips"), facts.order.concentration
    if most is None or per_ml is None or (tips and facts.patient.line_tip not in tips):
        return []
    kind = unit(row.word("unit"))
    if per_ml.unit.dimension is not kind.dimension or per_ml.to(kind).amount <= most:
        return []
    told = f"{_said(per_ml.to(kind).amount)} {kind}/mL; at most {_said(most)}. {row.text}"
    return [_finding(row, facts, told, (str(per_ml), facts.patient.line_tip if tips else ""))]


def _too_dilute(row: Caution, facts: Facts) -> list[Finding]:
    least, per_ml = row.number("least_per_ml"), facts.order.concentration
    if least is None or per_ml is None:
        return []
    kind = unit(row.word("unit"))
    if per_ml.unit.dimension is not kind.dimension or per_ml.to(kind).amount >= least:
        return []
    told = f"{_said(per_ml.to(kind).amount)} {kind}/mL; at least {_said(least)}. {row.text}"
    return [_finding(row, facts, told, (str(per_ml),))]


def _too_little(row: Caution, facts: Facts) -> list[Finding]:
    least, volume = row.number("least_ml"), facts.order.volume_ml
    if least is None or volume is None or volume >= least:
        return []
    return [_finding(row, facts, f"In {_said(volume)} mL; at least {_said(least)}. {row.text}", (str(volume),))]


def _finding(row: Caution, facts: Facts, text: str, more: tuple[str, ...], tier: Tier | None = None) -> Finding:
    weight = facts.patient.weight_kg
    by_weight = (str(weight.value),) if weight and row.word("per_kg") else ()
    return Finding(
        rule="rate", code=row.code, tier=tier or row.tier, title=row.title, text=text, do=row.do,
        evidence=(facts.order.drug.code, str(facts.order.dose), *more, *by_weight), source=row.source,
    )


def _unit_differs(row: Caution, facts: Facts, kind: Unit) -> Finding:
    return Finding(
        rule="rate", code="rate-unit", tier=Tier.CANNOT_JUDGE, title="The rate cannot be judged in this unit",
        text=f"Ordered in {facts.order.dose.unit}; the limit is in {kind}.", do="clarify the unit with the prescriber",
        evidence=(facts.order.drug.code, str(facts.order.dose), row.code), source=row.source,
    )


def _no_weight(row: Caution, facts: Facts) -> Finding:
    return Finding(
        rule="rate", code="rate-no-weight", tier=Tier.CANNOT_JUDGE, title="The rate cannot be judged without a weight",
        text=f"The limit goes by weight. {row.text}", do="weigh the patient and record it",
        evidence=(facts.order.drug.code, str(facts.order.dose), row.code), source=row.source,
    )


def _said(amount: Decimal) -> str:
    return shown_number(rounded(amount, _HUNDREDTH))
