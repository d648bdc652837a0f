# SPDX-License-Identifier: Apache-2.0
"""The pages of monitoring: the queue, the trends of a patient's values, the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse

from openinfusion.clinical.domain.monitoring import MONITORING, MonitoringFacts, MonitoringState
from openinfusion.clinical.domain.policy import Policy, policy
from openinfusion.clinical.domain.protocol import ExamKind
from openinfusion.clinical.models import Monitoring
from openinfusion.clinical.queries.monitoring import MonitoringFact, monitoring_where
from openinfusion.clinical.queries.outcomes import Outcomes, outcomes_of
from openinfusion.clinical.queries.trends import Course, Trend, courses_of, trends_of
from openinfusion.clinical.web.care_forms import DrawForm, PeriodForm
from openinfusion.kernel.quantity import shown_number
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.ui.parts import Act, acts_of

SHOWN = 100
_OPEN = Q(state__in=["due", "drawn"])


@dataclass(frozen=True, slots=True)
class WatchRow:
    fact: MonitoringFact
    word: str
    tone: str
    acts: tuple[Act, ...]
    more: tuple[Act, ...]  # what is seldom done: stopping a test, leaving one out


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: tuple[WatchRow, ...]
    counts: tuple[tuple[str, str, int], ...]  # key, word, how many
    chosen: str
    patient: patients.PatientFact | None
    query: str
    more: bool


def filters() -> dict[str, tuple[str, Q]]:
    """The lists of the queue: key to word and which rows."""
    late = _OPEN & Q(late_at__lte=now())
    return {
        "todo": ("To do", late | Q(state="resulted")),
        "overdue": ("Overdue", late),
        "judge": ("To judge", Q(state="resulted")),
        "drawn": ("Drawn", Q(state="drawn")),
        "due": ("Due", Q(state="due")),
        "done": ("Acted on", Q(state="acted_on")),
        "out": ("Left out", Q(state="cancelled")),
    }


def queue_page(chosen: str, patient_id: UUID | None, by: Actor) -> QueuePage:
    """Tests, the longest overdue first; of everybody, or of one patient (then all that are open)."""
    lists = filters()
    where = {"patient_id": patient_id} if patient_id else {}
    key = chosen if chosen in lists else ("" if patient_id else "todo")
    which = lists[key][1] if key else _OPEN | Q(state="resulted")
    counted = Monitoring.objects.filter(**where).aggregate(**{k: Count("pk", filter=q) for k, (_, q) in lists.items()})
    ids = list(Monitoring.objects.filter(which, **where).order_by("late_at", "id").values_list("id", flat=True)[: SHOWN + 1])
    facts = monitoring_where(SHOWN, pk__in=ids[:SHOWN])
    return QueuePage(
        tuple(watch_row(f, by) for f in facts),
        tuple((k, word, counted[k]) for k, (word, _) in lists.items()),
        key,
        patients.patient(patient_id) if patient_id else None,
        f"&patient={patient_id}" if patient_id else "",
        len(ids) > SHOWN,
    )


SELDOM = frozenset({"cancel", "stop", "recollect"})


def watch_row(f: MonitoringFact, by: Actor) -> WatchRow:
    """A test with what may be done about it."""
    state = MonitoringState(f.state)
    open_late = f.late and state in (MonitoringState.DUE, MonitoringState.DRAWN)
    facts = MonitoringFacts(ExamKind(f.kind), bool(f.result), (), f.flagged)
    leave_out = {"result", "unresult"} | ({"accept"} if f.flagged else set())
    leave_out |= {"draw"} if f.kind != ExamKind.LAB else set()
    leave_out |= {"assess"} if f.kind != ExamKind.ASSESSMENT else set()
    acts = acts_of(
        MONITORING,
        state,
        facts,
        by,
        leave_out=frozenset(leave_out),
        forms={"draw": DrawForm(auto_id=f"draw-{f.id}-%s")},
        url_for=lambda step: reverse("clinical:monitoring_step", args=[f.id, step]),
    )
    word = "overdue" if open_late else f.state
    tone = "crit" if open_late or f.flagged else MONITORING.tone(state)
    often, seldom = ([a for a in acts if (a.name in SELDOM) is kind] for kind in (False, True))
    return WatchRow(f, word, tone, own(often, f.id), own(seldom, f.id))


def own(acts: Sequence[Act], id: UUID) -> tuple[Act, ...]:
    """Buttons of one row among many: named apart, so that no two dialogs share an id."""
    return tuple(replace(a, name=f"{a.name}-{id}") for a in acts)


WIDTH, HEIGHT, LEFT, TOP, FOOT = 640, 200, 56, 12, 34


@dataclass(frozen=True, slots=True)
class Drawing:
    """A trend in whole units of the picture; ``table`` says the same in words."""

    trend: Trend
    line: str
    dots: tuple[tuple[int, int, bool, str], ...]
    band: tuple[int, int] | None  # from the top, height
    courses: tuple[tuple[int, int, str], ...]  # left, width, name
    ticks: tuple[tuple[int, str], ...]
    first: date
    last: date
    table: tuple[tuple[date, str, bool], ...]


@dataclass(frozen=True, slots=True)
class TrendPage:
    banner: patients.Banner
    drawings: tuple[Drawing, ...]
    single: tuple[Drawing, ...]  # one value only: nothing to draw


def trend_page(patient_id: UUID) -> TrendPage:
    courses = courses_of(patient_id)
    made = [draw(t, courses) for t in trends_of(patient_id)]
    return TrendPage(
        patients.banner(patient_id),
        tuple(d for d in made if len(d.trend.values) > 1),
        tuple(d for d in made if len(d.trend.values) == 1),
    )


def draw(trend: Trend, courses: Sequence[Course]) -> Drawing:
    """Where each value, the reference range and the courses lie in the picture."""
    first, last = trend.values[0].on, max(trend.values[-1].on, trend.values[0].on + timedelta(days=1))
    shown = [v.value for v in trend.values]
    if trend.range:
        shown += [x for x in (trend.range.low, trend.range.high) if x is not None]
    low, high = min(shown), max(shown)
    room = (high - low) / 10 or Decimal(1)
    low, high = (max(Decimal(0), low - room) if low >= 0 else low - room), high + room

    def x(on: date) -> int:
        part = Decimal((min(max(on, first), last) - first).days) / (last - first).days
        return LEFT + int(part * (WIDTH - LEFT - 10))

    def y(value: Decimal) -> int:
        return TOP + int((high - value) / (high - low) * (HEIGHT - TOP - FOOT))

    dots = tuple((x(v.on), y(v.value), v.flagged, f"{v.on:%d-%b-%Y}: {shown_number(v.value)} {trend.unit}") for v in trend.values)
    band = None
    if trend.range:
        top = y(trend.range.high) if trend.range.high is not None else TOP
        foot = y(trend.range.low) if trend.range.low is not None else HEIGHT - FOOT
        band = (top, max(foot - top, 1))
    overlap = [c for c in courses if c.first <= last and c.last >= first]
    return Drawing(
        trend,
        " ".join(f"{a},{b}" for a, b, _, _ in dots),
        dots,
        band,
        tuple((x(c.first), max(x(c.last) - x(c.first), 2), c.name) for c in overlap),
        tuple((y(v), shown_number(v)) for v in (min(v.value for v in trend.values), max(v.value for v in trend.values))),
        first,
        last,
        tuple((v.on, f"{shown_number(v.value)} {trend.unit}", v.flagged) for v in reversed(trend.values)),
    )


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    form: PeriodForm
    found: Outcomes
    minimums: tuple[tuple[str, Policy], ...]
    query: str


def outcomes_page(first: date, last: date, therapy_class: str) -> OutcomesPage:
    form = PeriodForm(initial={"first": first, "last": last, "therapy_class": therapy_class})
    minimums = tuple((words, policy(name, last)) for name, words in (("least_days", "days"), ("least_courses", "cases")))
    query = f"first={first.isoformat()}&last={last.isoformat()}&therapy_class={therapy_class}"
    return OutcomesPage(form, outcomes_of(first, last, therapy_class), minimums, query)
