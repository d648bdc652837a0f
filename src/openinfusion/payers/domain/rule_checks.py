# SPDX-License-Identifier: Apache-2.0
"""Each kind of rule against a claim: what it has to say, line by line. Pure; a rule never changes a claim."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from openinfusion.payers.domain.billed import SUITE, Billed, BilledLine, RuleFinding
from openinfusion.payers.domain.code_change import CodeChange, ended_before, too_early
from openinfusion.payers.domain.rule import Rule, RuleKind, names

Said = Iterator[tuple[str, str]]  # the code it is about, and what is wrong in words


def findings(rules: Iterable[Rule], claim: Billed) -> tuple[RuleFinding, ...]:
    """Everything these rules have against this claim."""
    return tuple(
        RuleFinding(rule.kind.value, code, text, str(rule), rule.source)
        for rule in rules for code, text in _CHECKS[rule.kind](rule, claim)
    )


def code_findings(changes: Sequence[CodeChange], claim: Billed) -> tuple[RuleFinding, ...]:
    """Lines whose code had ended on their last day, or had not begun on their first, with the code that is billed."""
    found = []
    for line in claim.lines:
        if gone := ended_before(line.code, line.last, changes):
            text = f"the code ended on {gone.ended:%d-%b-%Y}; it is {gone.new} now, {gone.factor.normalize():f} units for one"
            found.append(RuleFinding("code", line.code, text, f"{gone.old} became {gone.new}", gone.source))
        elif early := too_early(line.code, line.first, changes):
            text = f"until {early.ended:%d-%b-%Y} it was {early.old}, one unit for {early.factor.normalize():f}"
            found.append(RuleFinding("code", line.code, text, f"{early.old} became {early.new}", early.source))
    return tuple(found)


def _lines(rule: Rule, claim: Billed) -> list[BilledLine]:
    return [line for line in claim.lines if rule.about(line.code, claim.therapy_class)]


def _authorization(rule: Rule, claim: Billed) -> Said:
    """A code outside of any authorization, or more units than it still holds."""
    if rule.value == "not needed":
        return
    free = int(rule.said.get("units", 0))
    for line in _lines(rule, claim):
        if line.units <= free:
            continue
        if line.authorized_units is None:
            yield line.code, "the payer wants to be asked first, and no authorization covers it on these days"
        elif line.authorized_units and line.units > line.authorized_units:
            yield line.code, f"{line.units.normalize():f} units, and the authorization still holds {line.authorized_units}"


def _document(rule: Rule, claim: Billed) -> Said:
    if (lines := _lines(rule, claim)) or "all" in rule.subjects:
        for item in rule.said["items"].split():
            if item not in claim.documents:
                yield lines[0].code if lines else "", f"the payer wants: {item.replace('_', ' ')}"


def _modifier(rule: Rule, claim: Billed) -> Said:
    wanted = rule.said["any"].split(" or ")
    for line in _lines(rule, claim):
        if _applies(rule.said.get("when", "always"), line, claim) and not set(wanted) & set(line.modifiers):
            yield line.code, f"the modifier {' or '.join(wanted)} is missing"


def _applies(when: str, line: BilledLine, claim: Billed) -> bool:
    return {
        "always": True, "suite": line.place == SUITE, "home": line.place != SUITE, "subcutaneous": line.subcutaneous,
        "pump": line.by_pump, "concurrent": _concurrent(line, claim),
    }[when]


def _concurrent(line: BilledLine, claim: Billed) -> bool:
    """Whether it needs a rank: another therapy's days, billed before it and without a rank, run beside it."""
    earlier = (*claim.before, *claim.lines[:claim.lines.index(line)])
    return any(
        x.code != line.code and x.code[:2] == line.code[:2] and x.first <= line.last and line.first <= x.last
        and not {"SH", "SJ"} & set(x.modifiers)
        for x in earlier
    )


def _waste(rule: Rule, claim: Billed) -> Said:
    """Single-dose containers: what was thrown away stands on a line of its own with JW, else the line says JZ."""
    lines = [x for x in _lines(rule, claim) if x.single_dose]
    for line in lines:
        marks = {"JW", "JZ"} & set(line.modifiers)
        with_waste = any("JW" in x.modifiers for x in lines if x.code == line.code and x.ndc11 == line.ndc11)
        if not marks and not with_waste:
            yield line.code, "a single-dose container says JZ, or JW on a line of its own for what was thrown away"
        if len(marks) == 2 or ("JZ" in marks and with_waste):
            yield line.code, "JZ says nothing was thrown away, and JW that something was"


def _ndc(rule: Rule, claim: Billed) -> Said:
    for line in _lines(rule, claim):
        if len(line.ndc11) != 11:
            yield line.code, "the NDC of eleven digits is missing"


def _describe(rule: Rule, claim: Billed) -> Said:
    for line in _lines(rule, claim):
        if not line.description.strip():
            yield line.code, "a code that is not specific needs the service in words"


def _place(rule: Rule, claim: Billed) -> Said:
    allowed = rule.said["places"].split()
    for line in _lines(rule, claim):
        if line.place not in allowed:
            yield line.code, f"place of service {line.place} is none of {', '.join(allowed)}"


def _frequency(rule: Rule, claim: Billed) -> Said:
    """More units than allowed in any window that ends with a line's last day."""
    most, days = int(rule.said["units"]), int(rule.said["days"])
    for code in dict.fromkeys(x.code for x in _lines(rule, claim)):
        known = [x for x in (*claim.lines, *claim.before) if x.code == code]
        for line in [x for x in claim.lines if x.code == code]:
            since = line.last - timedelta(days=days - 1)
            counted = sum((_inside(x, since, line) for x in known), Decimal(0))
            if counted > most:
                yield code, f"{counted.normalize():f} units in {days} days, and {most} are paid"
                break


def _inside(x: BilledLine, since: date, line: BilledLine) -> Decimal:
    """The units of a line that fall into the window, spread evenly over its days."""
    length = (x.last - x.first).days + 1
    first = max(x.first, since)
    inside = (min(x.last, line.last) - first).days + 1
    return x.units * max(min(inside, length), 0) / length


_OF_RENTAL = ((1, "KH"), (3, "KI"), (13, "KJ"))


def _rental(rule: Rule, claim: Billed) -> Said:
    """A capped rental: month 1 says KH, 2 and 3 KI, then KJ; after the last month nothing is paid."""
    most = int(rule.said["months"])
    for line in _lines(rule, claim):
        month = line.rental_month
        if month is None:
            yield line.code, "which month of the rental it is, is not known"
        elif month > most:
            yield line.code, f"month {month} of the rental, and {most} are paid"
        else:
            wanted = next((mark for until, mark in _OF_RENTAL if month <= until), "KJ")
            if wanted not in line.modifiers or "RR" not in line.modifiers:
                yield line.code, f"month {month} of the rental says RR and {wanted}"


def _month(rule: Rule, claim: Billed) -> Said:
    for line in _lines(rule, claim):
        if (line.first.year, line.first.month) != (line.last.year, line.last.month):
            yield line.code, "a line does not go beyond the end of its month"


def _with(rule: Rule, claim: Billed) -> Said:
    """A code that is paid only beside another: on the same day, or so many days after it."""
    codes, days = rule.said["codes"].split(), int(rule.said.get("days", 0))
    for line in _lines(rule, claim):
        others = [x for x in (*claim.lines, *claim.before) if any(names(c, x.code) for c in codes)]
        if not any(x.first <= line.last and x.last >= line.first - timedelta(days=days) for x in others):
            near = f"within {days} days before" if days else "on the same day"
            yield line.code, f"it is paid only with {' or '.join(codes)} {near}"


def _never(rule: Rule, claim: Billed) -> Said:
    codes = rule.said["codes"].split()
    for line in _lines(rule, claim):
        for x in (*claim.lines, *claim.before):
            if x is not line and any(names(c, x.code) for c in codes) and x.first <= line.last and line.first <= x.last:
                yield line.code, f"it never stands beside {x.code} on the same day"
                break


def _highest(rule: Rule, claim: Billed) -> Said:
    """Of these codes only one is paid on a day."""
    lines = _lines(rule, claim)
    for n, line in enumerate(lines):
        others = [x for x in (*lines[:n], *claim.before) if rule.about(x.code)]
        clash = next((x for x in others if x.first <= line.last and line.first <= x.last), None)
        if clash is not None:
            yield line.code, f"only one of these is paid on a day, and {clash.code} stands there; bill the higher"


def _gap(rule: Rule, claim: Billed) -> Said:
    codes, days = rule.said["codes"].split(), int(rule.said["days"])
    for line in _lines(rule, claim):
        for x in claim.before:
            if any(names(c, x.code) for c in codes) and timedelta(0) <= line.first - x.last <= timedelta(days=days):
                yield line.code, f"{x.code} was billed on {x.last:%d-%b-%Y}, which is not more than {days} days before"
                break


ROUNDINGS = {"up": ROUND_CEILING, "nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}


def whole_units(units: Decimal, rounding: str) -> int:
    """Whole units of a line, rounded once as the payer does."""
    return int(units.to_integral_value(rounding=ROUNDINGS[rounding]))


def _round(rule: Rule, claim: Billed) -> Said:
    for line in _lines(rule, claim):
        if line.units != line.units.to_integral_value():
            yield line.code, f"{line.units.normalize():f} units are billed as {whole_units(line.units, rule.value)}"


def _not_covered(rule: Rule, claim: Billed) -> Said:
    for line in _lines(rule, claim):
        if not {"GY", "GX"} & set(line.modifiers):
            yield line.code, rule.said["why"]


def _supply(rule: Rule, claim: Billed) -> Said:
    most = int(rule.said["days"])
    for line in _lines(rule, claim):
        if line.days_supply is not None and line.days_supply > most:
            yield line.code, f"a supply of {line.days_supply} days, and {most} are paid at once"


def _refill(rule: Rule, claim: Billed) -> Said:
    """A refill before so much of the last supply is used up."""
    percent = int(rule.said["percent"])
    for line in _lines(rule, claim):
        last = max((x for x in claim.before if x.code == line.code and x.days_supply), key=lambda x: x.first, default=None)
        if last is not None and last.days_supply:
            used = (line.first - last.first).days * 100
            if used < percent * last.days_supply:
                yield line.code, f"the supply from {last.first:%d-%b-%Y} for {last.days_supply} days is not {percent} % used up"


def _protein(rule: Rule, claim: Billed) -> Said:
    low, high = Decimal(rule.said["low"]), Decimal(rule.said["high"])
    for line in _lines(rule, claim):
        if line.protein_g_per_day is None:
            yield line.code, "the protein of a day is not known, and the code goes by it"
        elif not low <= line.protein_g_per_day <= high:
            yield line.code, f"{line.protein_g_per_day.normalize():f} g of protein a day is not between {low} and {high}"


_CHECKS: dict[RuleKind, Callable[[Rule, Billed], Said]] = {
    RuleKind.AUTHORIZATION: _authorization, RuleKind.DOCUMENT: _document, RuleKind.MODIFIER: _modifier,
    RuleKind.WASTE: _waste, RuleKind.NDC: _ndc, RuleKind.DESCRIBE: _describe, RuleKind.PLACE: _place,
    RuleKind.FREQUENCY: _frequency, RuleKind.RENTAL: _rental, RuleKind.MONTH: _month, RuleKind.WITH: _with,
    RuleKind.NEVER: _never, RuleKind.HIGHEST: _highest, RuleKind.GAP: _gap, RuleKind.ROUND: _round,
    RuleKind.NOT_COVERED: _not_covered, RuleKind.SUPPLY: _supply, RuleKind.REFILL: _refill, RuleKind.PROTEIN: _protein,
}
