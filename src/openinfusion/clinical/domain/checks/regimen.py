# SPDX-License-Identifier: Apache-2.0
"""An order of chemotherapy against its regimen: dose, days, interval, hold parameters, and the limit of a whole life."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from openinfusion.clinical.domain.chemotherapy import ChemotherapyFacts, RegimenPlace
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.finding import Finding, Tier
from openinfusion.clinical.domain.held import HoldVerdict
from openinfusion.clinical.domain.lifetime import Lifetime, LifetimeVerdict
from openinfusion.kernel.quantity import Quantity, UnitMismatch, rounded, shown_number
from openinfusion.kernel.standing import Source, Standing

_TENTH = Decimal("0.1")
_SETTLED = ("omitted", "stopped")


def check_regimen(facts: Facts) -> list[Finding]:
    """Nothing for other drugs. An order that belongs to no regimen cannot be judged."""
    asked = facts.chemotherapy
    if asked is None:
        return []
    found = list(_lifetime(asked.lifetime)) if asked.lifetime else []
    if asked.place is None:
        return [*found, _found(
            "none", Tier.CANNOT_JUDGE, "It belongs to no regimen",
            f"{facts.order.drug.name} is ordered outside a regimen: dose, day and interval are not compared.",
            "join it to a cycle of the patient's regimen", facts.order.drug.code, sends_back=False,
        )]
    place = asked.place
    found += [*_standing(place), *_state(place), *_dose(facts, place), *_days(asked, place), *_interval(asked, place),
              *_holds(place)]
    if any(f.tier is not Tier.INFO for f in found):
        return found
    return [*found, _found("passed", Tier.PASSED, "The order fits its regimen",
                           f"{place.regimen}, cycle {place.cycle}: {facts.order.dose}, {_percent(place)}.")]


def _found(
    code: str, tier: Tier, title: str, text: str, do: str = "", *evidence: str, source: Source | None = None,
    sends_back: bool = True,
) -> Finding:
    return Finding(rule="regimen", code=f"regimen-{code}", tier=tier, title=title, text=text, do=do, evidence=evidence,
                   source=source, sends_back=sends_back)


def _percent(place: RegimenPlace) -> str:
    return "full dose" if place.percent == 100 else f"{place.percent} % of the full dose"


def _standing(place: RegimenPlace) -> Iterator[Finding]:
    if place.source.standing is Standing.UNVERIFIED:
        yield _found("unverified", Tier.INFO, "No pharmacist has signed this regimen", f"{place.regimen}.", "", place.regimen,
                     source=place.source)


def _state(place: RegimenPlace) -> Iterator[Finding]:
    if place.cycle_state in _SETTLED:
        yield _found("cycle-ended", Tier.HARD, f"Its cycle is {place.cycle_state}",
                     f"{place.regimen}, cycle {place.cycle}.", "discontinue the order", str(place.cycle), place.cycle_state)


def _dose(facts: Facts, place: RegimenPlace) -> Iterator[Finding]:
    ordered, expected = facts.order.dose, place.expected
    evidence = (str(ordered), str(expected), *place.inputs)
    if expected is None:
        yield _found("dose-unknown", Tier.CANNOT_JUDGE, "The dose cannot be worked out", f"{'; '.join(place.inputs)}.",
                     "record what is missing", *evidence)
        return
    try:
        ratio = ordered / expected - 1
    except UnitMismatch:
        yield _found("dose-unit", Tier.HARD, "The dose is in another unit", f"{ordered} ordered, {expected} worked out.",
                     "ask the prescriber", *evidence)
        return
    soft, beyond = figure("regimen_dose_soft"), figure("regimen_dose_beyond")
    if abs(ratio) <= soft.value:
        return
    side = "above" if ratio > 0 else "below"
    percent = shown_number(rounded(abs(ratio) * 100, _TENTH))
    text = f"{_both(ordered, expected)}, {percent} % {side}; {_percent(place)}; {', '.join(place.inputs)}."
    if ratio > beyond.value:
        yield _found("dose-high", Tier.HARD, "The dose is above the regimen's", text,
                     "ask the prescriber, or correct weight and height", *evidence, source=beyond.source)
        return
    do = "record the reduction on the cycle, or ask the prescriber" if ratio < 0 else "ask the prescriber"
    yield _found("dose-differs", Tier.SOFT, "The dose differs from the regimen's", text, do, *evidence, source=soft.source)


def _both(ordered: Quantity, expected: Quantity) -> str:
    return f"{ordered} ordered, {expected} worked out"


def _days(asked: ChemotherapyFacts, place: RegimenPlace) -> Iterator[Finding]:
    if asked.ordered_on == place.due:
        return
    said = [", ".join(f"{d:%d-%b-%Y}" for d in days) or "no day" for days in (asked.ordered_on, place.due)]
    yield _found("days", Tier.SOFT, "Not on the days of the cycle", f"Ordered for {said[0]}; the cycle has {said[1]}.",
                 "revise the order, or move the cycle", *said)


def _interval(asked: ChemotherapyFacts, place: RegimenPlace) -> Iterator[Finding]:
    if place.previous_on is None or not asked.ordered_on:
        return
    day1 = asked.ordered_on[0] - timedelta(days=place.first_day - 1)
    since = (day1 - place.previous_on).days
    if since >= place.cycle_days:
        return
    slack = figure("regimen_interval_slack_days")
    hard = place.cycle_days - since > slack.value
    yield _found(
        "too-soon", Tier.HARD if hard else Tier.SOFT, "Too soon after the cycle before",
        f"Day 1 would be {since} days after the last one, {place.previous_on:%d-%b-%Y}; the regimen has {place.cycle_days}.",
        "move the order later", str(since), str(place.cycle_days), source=slack.source,
    )


def _holds(place: RegimenPlace) -> Iterator[Finding]:
    """Before the clearance each hold parameter as it stands; after it, who cleared the cycle."""
    if place.cycle_state in ("cleared", "given", *_SETTLED):
        return
    for held in place.holds:
        if held.verdict is HoldVerdict.HOLD:
            yield _found("hold", Tier.HARD if held.hard else Tier.SOFT, f"{held.name.capitalize()} holds the cycle",
                         f"{held.result}; {held.limit}. {held.why}.", "delay the cycle, or ask the prescriber",
                         held.test, held.result)
    if missing := [h for h in place.holds if h.verdict is HoldVerdict.CANNOT_JUDGE]:
        told = "; ".join(dict.fromkeys(f"{h.name}: {h.result}" for h in missing))
        yield _found("hold-unjudged", Tier.CANNOT_JUDGE, "The cycle is not cleared yet", f"{told}.",
                     "the cycle is cleared before it is given, on newer results", str(place.cycle), told, sends_back=False)


def _lifetime(account: Lifetime) -> Iterator[Finding]:
    name, text, evidence = account.limit.name, f"{account.words}.", (account.limit.drug_code, account.words)
    source = account.limit.source
    if account.verdict is LifetimeVerdict.BEYOND:
        yield _found("lifetime-beyond", Tier.HARD, f"Beyond the limit of a whole life of {name}", text,
                     "stop; another drug, or fewer cycles", *evidence, source=source)
    elif account.verdict is LifetimeVerdict.CANNOT_JUDGE:
        yield _found("lifetime-unknown", Tier.CANNOT_JUDGE, f"The limit of a whole life of {name} cannot be judged", text,
                     "note the earlier exposure on the regimen's page", *evidence, source=source)
    elif account.verdict is LifetimeVerdict.NEAR:
        yield _found("lifetime-near", Tier.SOFT, f"Near the limit of a whole life of {name}", text,
                     "is the heart (or lung) followed?", *evidence, source=source)
