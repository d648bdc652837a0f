# SPDX-License-Identifier: Apache-2.0
"""The measures, from the doors of the rooms and from the journal."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import (
    AGES,
    TherapyMargin,
    answers_by_payer,
    charged_since,
    denials,
    receivables,
    therapy_margins,
)
from openinfusion.insight.domain.measure import Measure, bars, days, days_sales_outstanding, median, percent
from openinfusion.kernel.money import Money, total
from openinfusion.patients.public import patients
from openinfusion.platform.house_day import house_day_of, house_today
from openinfusion.platform.models import Entry

PERIOD_DAYS = 90


def _latest_states(kind: str) -> list[Entry]:
    """The last change of state of every record of a kind, from the journal."""
    rows = Entry.objects.filter(subject_kind=kind).exclude(to_state="").order_by("subject_id",
        "-number").distinct("subject_id")
    return list(rows)


def _names(entries: list[Entry]) -> dict[UUID, str]:
    return {i: p.name for i, p in patients([e.patient_id for e in entries if e.patient_id]).items()}


def _name(names: dict[UUID, str], e: Entry) -> str:
    return names.get(e.patient_id, "") if e.patient_id else ""


def census() -> Measure:
    """Patients on an active therapy now."""
    active = [e for e in _latest_states("therapy.Therapy") if e.to_state == "active"]
    names = _names(active)
    since = Counter(f"{house_day_of(e.at):%Y-%m}" for e in active)
    rows = tuple((_name(names, e), f"{house_day_of(e.at):%d-%b-%Y}") for e in active if e.patient_id)
    return Measure(
        "census", "Census", str(len({e.patient_id for e in active})),
        "patients on an active therapy now; bars by month of start",
        bars([(m, n, str(n)) for m, n in sorted(since.items())]), ("patient", "active since"), rows,
        tuple(f"/therapy/{e.subject_id}/" for e in active if e.patient_id),
    )


def referrals() -> Measure:
    """Referrals by the stage they are in."""
    found = _latest_states("intake.Referral")
    names = _names(found)
    stages = Counter(e.to_state for e in found)
    rows = tuple((_name(names, e), e.to_state.replace("_", " "), f"{house_day_of(e.at):%d-%b-%Y}") for e in found)
    return Measure(
        "referrals", "Referrals by stage", str(len(found)), "all referrals, by the stage they are in",
        bars([(s.replace("_", " "), n, str(n)) for s, n in stages.most_common()]), ("patient", "stage", "since"), rows,
        tuple(f"/intake/{e.subject_id}/" for e in found),
    )


def time_to_start() -> Measure:
    """Days from the first referral of a patient to the start of care."""
    came: dict[UUID, datetime] = {}
    for e in Entry.objects.filter(verb="intake.referral.received").order_by("-number"):
        if e.patient_id:
            came[e.patient_id] = e.at
    starts = list(Entry.objects.filter(verb="therapy.therapy.start").order_by("number"))
    timed = [(e,
        _days(came[e.patient_id], e.at)) for e in starts if e.patient_id in came and e.at >= came[e.patient_id]]
    names = _names([e for e, _ in timed])
    weeks: dict[str, list[Decimal]] = {}
    for e, took in timed:
        weeks.setdefault(f"{house_day_of(e.at):%G-W%V}", []).append(took)
    shown = [(w, int(median(v) * 10), days(median(v))) for w, v in sorted(weeks.items())]
    return Measure(
        "time_to_start", "Referral to start of care", days(median([d for _, d in timed])) if timed else "–",
        "median days from referral to start of care; bars by week of start", bars(shown),
        ("patient", "started", "days"),
        tuple((_name(names, e), f"{house_day_of(e.at):%d-%b-%Y}", days(d)) for e, d in timed),
        tuple(f"/therapy/{e.subject_id}/" for e, _ in timed),
    )


def _days(first: datetime, last: datetime) -> Decimal:
    return Decimal(int((last - first).total_seconds())) / 86400


def sales_outstanding() -> Measure:
    """Days sales outstanding over the last 90 days, with what each payer owes."""
    owed = receivables()
    charged = charged_since(house_today() - timedelta(days=PERIOD_DAYS))
    open_sum = total(r.total for r in owed)
    return Measure(
        "dso", "Days sales outstanding", days_sales_outstanding(open_sum.cents, charged.cents, PERIOD_DAYS),
        f"{open_sum} owed, {charged} charged in {PERIOD_DAYS} days; bars by payer",
        bars([(r.payer, r.total.cents, str(r.total)) for r in owed]), ("payer", "owed"),
        tuple((r.payer, str(r.total)) for r in owed), tuple("/billing/ledger/" for _ in owed),
    )


def ageing() -> Measure:
    """What is owed, by age."""
    owed = receivables()
    sums = [total(r.amounts[n] for r in owed) for n in range(len(AGES))]
    late = total(sums[3:])
    return Measure(
        "ageing", "Owed longer than 90 days", str(late), "open balances by days since the claim was sent",
        bars([(text, m.cents, str(m)) for (_, text), m in zip(AGES, sums, strict=True)]),
        ("payer", *(text for _, text in AGES), "all"),
        tuple((r.payer, *(str(m) for m in r.amounts), str(r.total)) for r in owed),
        tuple("/billing/ledger/" for _ in owed),
    )


def denial_rate() -> Measure:
    """Answered claims that were denied wholly or in part."""
    found = answers_by_payer()
    shown = [(a.payer, a.denied * 1000 // a.answered if a.answered else 0,
        percent(a.denied, a.answered)) for a in found]
    rows = denials(only_open=False)
    return Measure(
        "denials", "Denial rate", percent(sum(a.denied for a in found), sum(a.answered for a in found)),
        "of answered claims, wholly or in part; bars by payer", bars(shown),
        ("claim", "payer", "code", "amount", "meaning", "open"),
        tuple((d.claim, d.payer_name, d.code, str(Money(d.cents)), d.meaning,
            "yes" if d.is_open else "no") for d in rows),
        tuple(f"/billing/claims/{d.claim_id}/" for d in rows),
    )


AWAITED = "paid, and awaited by contract where no payer has answered yet, less cost so far"


def _margin(key: str, title: str, meaning: str, by: Callable[[TherapyMargin], str]) -> Measure:
    found = therapy_margins()
    names = {i: p.name for i, p in patients([m.patient_id for m in found]).items()}
    sums: dict[str, list[int]] = {}
    for m in found:
        one = sums.setdefault(by(m), [0, 0])
        one[0] += m.margin.foreseen_margin_cents
        one[1] += m.margin.foreseen_income_cents
    margin, income = sum(s[0] for s in sums.values()), sum(s[1] for s in sums.values())
    shown = [
        (k.replace("_", " "), s[0], f"{Money(s[0])}, {percent(s[0], s[1])}") for k,
        s in sorted(sums.items(), key=lambda x: -x[1][0])
    ]
    rows = tuple(
        (by(m).replace("_", " "), names.get(m.patient_id, ""), m.drug,
         str(Money(m.margin.paid_cents + m.margin.patient_cents)), str(Money(m.margin.awaited_cents)),
         str(Money(m.margin.cost_cents)), str(Money(m.margin.foreseen_margin_cents)), str(Money(m.margin.margin_cents)))
        for m in sorted(found, key=lambda m: m.margin.foreseen_margin_cents)
    )
    return Measure(
        key, title, f"{Money(margin)} ({percent(margin, income)})", meaning, bars(shown),
        ("group", "patient", "drug", "paid", "awaited", "cost", "margin foreseen", "margin so far"), rows,
        tuple(f"/insight/therapies/{m.therapy_id}/" for m in sorted(found, key=lambda m: m.margin.foreseen_margin_cents)),
    )


def margin_by_class() -> Measure:
    return _margin("margin_by_class", "Margin by class of therapy", AWAITED,
        lambda m: m.therapy_class)


def margin_by_payer() -> Measure:
    return _margin("margin_by_payer", "Margin by payer", AWAITED, lambda m: m.payer)


MEASURES: dict[str, Callable[[], Measure]] = {
    "census": census, "referrals": referrals, "time_to_start": time_to_start, "dso": sales_outstanding,
    "ageing": ageing,
    "denials": denial_rate, "margin_by_class": margin_by_class, "margin_by_payer": margin_by_payer,
}


def measure(key: str) -> Measure:
    """One measure by its key."""
    return MEASURES[key]()


def all_measures() -> tuple[Measure, ...]:
    return tuple(make() for make in MEASURES.values())
