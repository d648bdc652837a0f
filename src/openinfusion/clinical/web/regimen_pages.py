# SPDX-License-Identifier: Apache-2.0
"""A patient's regimen as its page shows it: calendar, next cycle with hold parameters and orders, account of a whole life."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.urls import reverse

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.figures import figure
from openinfusion.clinical.domain.held import HoldJudged
from openinfusion.clinical.domain.hold_override import hold_overrides
from openinfusion.clinical.domain.lifetime import Lifetime
from openinfusion.clinical.queries.regimens import accounts_of, day_holds, holds_now, worked_now
from openinfusion.clinical.web import regimen_forms as f
from openinfusion.clinical.web.monitoring_pages import own
from openinfusion.kernel.quantity import Quantity, UnitMismatch, rounded, shown_number
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.therapy import public as therapy

_WIDTH = Decimal(200)
_TENTH = Decimal("0.1")
_TOP = Decimal("1.15")  # a gauge shows a little beyond its limit


@dataclass(frozen=True, slots=True)
class CycleRow:
    """One row of the calendar: the cycle with its dates, day by day."""

    cycle: therapy.CycleFact
    tone: str
    dates: tuple[tuple[date, therapy.CycleDayFact | None], ...]
    given: str
    is_next: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the next cycle: worked out now, ordered, and how far apart."""

    line: catalog.RegimenLine
    drug_name: str
    hazard: catalog.Hazard | None
    worked: Quantity | None
    inputs: tuple[str, ...]
    order: therapy.PrescriptionFact | None
    apart: str
    tone: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class LifeBar:
    """An account drawn to scale, 200 wide: zones, what was given, and what comes next."""

    account: Lifetime
    zones: tuple[tuple[str, str, str], ...]  # x, width, tone
    so_far: str
    after: str


@dataclass(frozen=True, slots=True)
class NextCycle:
    cycle: therapy.CycleFact
    tone: str
    lines: tuple[LineRow, ...]
    holds: tuple[HoldJudged, ...]
    acts: tuple[Act, ...]
    override: str  # the coded reason in words; empty where there is none


@dataclass(frozen=True, slots=True)
class DayRow:
    """A later day that asks for a fresh result: how it stands, how its rows would be judged now, what may be done."""

    cycle: therapy.CycleFact
    day: therapy.CycleDayFact
    on: date
    tone: str
    holds: tuple[HoldJudged, ...]
    override: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class CoursePage:
    course: therapy.RegimenCourseFact
    tone: str
    banner: patients.Banner
    of: therapy.TherapyFact
    days: tuple[int, ...]
    cycles: tuple[CycleRow, ...]
    next: NextCycle | None
    days_asked: tuple[DayRow, ...]
    lives: tuple[LifeBar, ...]
    exposure: f.ExposureForm | None
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class CoursesPage:
    of: therapy.TherapyFact
    banner: patients.Banner
    rows: tuple[tuple[therapy.RegimenCourseFact, str], ...]
    form: f.StartForm | None


def courses_page(therapy_id: UUID, by: Actor) -> CoursesPage:
    fact = therapy.therapy(therapy_id)
    courses = therapy.regimen_courses_of(therapy_id=therapy_id)
    may = by.may("therapy.regimen.plan") and not any(c.running for c in courses)
    return CoursesPage(
        fact, patients.banner(fact.patient_id), tuple((c, therapy.COURSE.tone(therapy.CourseState(c.state))) for c in courses),
        f.StartForm(initial={"start_on": fact.start_on}) if may else None,
    )


def course_page(course_id: UUID, by: Actor) -> CoursePage:
    course = therapy.regimen_course(course_id)
    banner, chart = patients.banner(course.patient_id), patients.charts([course.patient_id])[course.patient_id]
    coming = course.next_cycle if course.running else None
    accounts = accounts_of(course, chart)
    open_cycles = sum(not c.ended for c in course.cycles)
    return CoursePage(
        course, therapy.COURSE.tone(therapy.CourseState(course.state)), banner, therapy.therapy(course.therapy_id),
        course.regimen.days, tuple(_row(c, course, coming) for c in course.cycles),
        _next(course, coming, chart, by) if coming else None, _days(course, chart, by), tuple(_life(a) for a in accounts),
        f.ExposureForm(initial={"drug_code": accounts[0].limit.drug_code, "measure": accounts[0].limit.measure})
        if accounts and by.may("therapy.regimen.plan") else None,
        acts_of(therapy.COURSE, course.state, therapy.CourseFacts(open_cycles), by,
                url_for=lambda step: reverse("clinical:regimen_step", args=[course.id, step])),
        _lines(course), banner.patient.timezone or "UTC",
    )


def _lines(course: therapy.RegimenCourseFact) -> tuple[Line, ...]:
    """What happened to the regimen, its cycles and days, the orders joined to it and what was told of elsewhere."""
    cycles = [id for c in course.cycles for id in (c.id, *(d.id for d in c.days), *(o.id for o in c.orders))]
    told = therapy.exposure_ids(course.patient_id, course.regimen.drug_codes)
    return tuple(timeline(subject_ids=[course.id, *cycles, *told]))


def _days(course: therapy.RegimenCourseFact, chart: patients.Chart, by: Actor) -> tuple[DayRow, ...]:
    """The later days of the newest cycle that is cleared or given, and every earlier one that is still due."""
    standing = [c for c in course.cycles if c.state in (therapy.CycleState.CLEARED, therapy.CycleState.GIVEN) and c.days]
    return tuple(
        _day(course, c, d, chart, by) for c in standing for d in c.days
        if c is standing[-1] or (course.running and d.state is therapy.DayState.DUE)
    )


def _day(
    course: therapy.RegimenCourseFact, cycle: therapy.CycleFact, day: therapy.CycleDayFact, chart: patients.Chart, by: Actor,
) -> DayRow:
    tests = tuple(dict.fromkeys(h.test for h in course.regimen.holds_on(day.day)))
    earlier = sum(d.state is therapy.DayState.DUE and d.day < day.day for d in cycle.days)
    facts = therapy.DayFacts(course_runs=course.running, judged=True, earlier_days_due=earlier)
    acts = acts_of(
        therapy.CYCLE_DAY, day.state, facts, by, forms={"clear": f.ClearForm(tests=tests, auto_id=f"day{day.id}_%s")},
        url_for=lambda step: reverse("clinical:cycle_day_step", args=[course.id, cycle.id, day.day, step]),
    )
    return DayRow(cycle, day, cycle.on(day.day), therapy.CYCLE_DAY.tone(day.state),
                  day_holds(course.regimen, cycle, day.day, chart) if day.state is therapy.DayState.DUE else (),
                  dict(hold_overrides()).get(day.override_code, day.override_code), own(acts, day.id))


def _row(cycle: therapy.CycleFact, course: therapy.RegimenCourseFact, coming: therapy.CycleFact | None) -> CycleRow:
    given = ", ".join(
        f"{catalog.drug(g.drug_code).tall_man} {g.amount}{f' × {g.days}' if g.days > 1 else ''}" for g in cycle.given)
    dates = tuple((cycle.on(day), cycle.day(day)) for day in course.regimen.days)
    return CycleRow(cycle, therapy.CYCLE.tone(cycle.state), dates, given,
                    coming is not None and cycle.id == coming.id)


def _next(course: therapy.RegimenCourseFact, cycle: therapy.CycleFact, chart: patients.Chart, by: Actor) -> NextCycle:
    orders = {p.number.rpartition("-")[0]: p for p in reversed(therapy.prescriptions_of(course.therapy_id))}
    open_orders = therapy.open_orders_of(course.patient_id)
    lines = tuple(_line(course, cycle, line, chart, orders, open_orders, by) for line in course.regimen.lines)
    doses = {
        row.line.number: f.plain((row.order.order.dose if row.order else row.worked or row.line.dose).amount)
        for row in lines if row.order or row.worked
    }
    facts = therapy.CycleFacts(
        day1_on=cycle.day1_on, percent=cycle.dose_percent, judged=True, given_on=chart.day, today=chart.day)
    forms = {
        "clear": f.ClearForm(tests=tuple(dict.fromkeys(h.test for h in course.regimen.holds_on(1)))), "delay": f.DelayForm(),
        "reduce": f.ReduceForm(initial={"later_too": True}),
        "give": f.GiveForm(lines=course.regimen.lines, doses=doses, initial={"given_on": min(cycle.day1_on, chart.day)}),
    }
    acts = acts_of(therapy.CYCLE, cycle.state, facts, by, forms=forms, leave_out=frozenset({"stop"}),
                   url_for=lambda step: reverse("clinical:cycle_step", args=[course.id, cycle.id, step]))
    return NextCycle(cycle, therapy.CYCLE.tone(cycle.state), lines, holds_now(course.regimen, chart), acts,
                     dict(hold_overrides()).get(cycle.override_code, cycle.override_code))


def _line(
    course: therapy.RegimenCourseFact, cycle: therapy.CycleFact, line: catalog.RegimenLine, chart: patients.Chart,
    orders: dict[str, therapy.PrescriptionFact], open_orders: list[therapy.PrescriptionFact], by: Actor,
) -> LineRow:
    worked, inputs = worked_now(line, cycle, chart)
    joined = cycle.order(line.number)
    order = orders.get(joined.number) if joined else None
    apart, tone = _apart(order.order.dose, worked) if order and worked else ("", "idle")
    takes = by.may("therapy.regimen.plan") and (order is None or order.ended)
    acts = _line_acts(course, cycle, line, open_orders) if takes else ()
    return LineRow(line, catalog.drug(line.drug_code).tall_man, catalog.hazard(line.drug_code), worked, inputs, order, apart,
                   tone, acts)


def _apart(ordered: Quantity, worked: Quantity) -> tuple[str, str]:
    """How far an ordered dose is from the worked-out one, and how grave that is."""
    try:
        ratio = ordered / worked - 1
    except UnitMismatch:
        return "another unit", "crit"
    tone = "ok" if abs(ratio) <= figure("regimen_dose_soft").value else (
        "crit" if ratio > figure("regimen_dose_beyond").value else "warn")
    percent = shown_number(rounded(abs(ratio) * 100, _TENTH))
    return (f"{percent} % {'above' if ratio > 0 else 'below'}" if ratio else "as worked out"), tone


def _line_acts(
    course: therapy.RegimenCourseFact, cycle: therapy.CycleFact, line: catalog.RegimenLine,
    open_orders: list[therapy.PrescriptionFact],
) -> tuple[Act, ...]:
    taken = {o.number for c in course.cycles for o in c.orders}
    fitting = [
        (str(p.id), f"Rx {p.number}: {p.line}") for p in open_orders
        if p.order.drug_code == line.drug_code and p.order.route == line.route and p.number.rpartition("-")[0] not in taken
    ]
    args = [course.id, cycle.id, line.number]
    prescriber = therapy.therapy(course.therapy_id).prescriber_name
    acts = [Act(f"order-{line.number}", "Transcribe the order", reverse("clinical:cycle_order", args=args),
                form=f.LineOrderForm(initial={"prescriber": prescriber}, auto_id=f"order{line.number}_%s"))]
    if fitting:
        acts.append(Act(f"join-{line.number}", "Join an order", reverse("clinical:cycle_join", args=args),
                        form=f.JoinForm(orders=fitting, auto_id=f"join{line.number}_%s")))
    return tuple(acts)


def _life(account: Lifetime) -> LifeBar:
    limit = account.limit.limit
    top = max(limit, account.after) * _TOP
    soft = limit * figure("lifetime_soft_share").value

    def at(value: Decimal) -> Decimal:
        return value * _WIDTH / top

    zones = tuple((f"{at(a):.1f}", f"{at(b) - at(a):.1f}", tone) for a, b, tone in (
        (Decimal(0), soft, "ok"), (soft, limit, "warn"), (limit, top, "crit")))
    return LifeBar(account, zones, f"{at(account.so_far):.1f}", f"{at(account.after):.1f}")
