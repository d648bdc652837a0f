# SPDX-License-Identifier: Apache-2.0
"""Measures of the revenue cycle over chosen days and a pharmacy: each with its definition, its bars and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.public import (
    AGES,
    Adjudicated,
    Frame,
    MarginOf,
    Receivable,
    collections,
    first_answers,
    margins_of,
    net_charged,
    receivables_of,
    sent_claims,
)
from openinfusion.insight.domain.measure import Measure, bars, days, days_sales_outstanding, median, percent
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.patients.public import patients
from openinfusion.platform.house_day import house_today

USUAL = timedelta(days=89)


def frame_of(given: Mapping[str, str]) -> Frame:
    """The days and the pharmacy asked for; the last ninety days of all pharmacies, where nothing is."""
    today = house_today()
    try:
        first = date.fromisoformat(given["first"]) if given.get("first") else today - USUAL
        last = date.fromisoformat(given["last"]) if given.get("last") else today
        site = UUID(given["site"]) if given.get("site") else None
    except ValueError as no:
        raise Malformed(Fault("days", "write days as 2026-11-30 and choose a pharmacy from the list")) from no
    if last < first:
        raise Malformed(Fault("days", "the last day lies before the first"))
    return Frame(first, last, site)


def _claim(claim_id: object) -> str:
    return f"/billing/claims/{claim_id}/"


def _by(rows: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, str]]:
    """Part and whole by name, as shares, the greatest first."""
    sums: dict[str, list[int]] = {}
    for name, part, whole in rows:
        one = sums.setdefault(name, [0, 0])
        one[0] += part
        one[1] += whole
    found = [(name.replace("_", " "), p * 1000 // w if w else 0, f"{percent(p, w)} of {w}") for name, (p, w) in sums.items()]
    return sorted(found, key=lambda x: -x[1])


def sales_outstanding(f: Frame) -> Measure:
    owed = receivables_of(f)
    net, charged = sum(r.net_cents for r in owed), net_charged(f)
    rows = tuple((r.claim, r.payer, str(r.days), str(Money(r.open_cents)), str(Money(r.net_cents))) for r in owed)
    return Measure(
        "dso",
        "Days sales outstanding",
        days_sales_outstanding(net, charged, f.days),
        f"open balances as the contracts value them ({Money(net)}) over what the claims sent in these {f.days} "
        "days should bring a day; "
        "now, whatever the last day chosen",
        bars(_sums((r.payer, r.net_cents) for r in owed)),
        ("claim", "payer", "days", "open", "by contract"),
        rows,
        tuple(_claim(r.claim_id) for r in owed),
    )


def _sums(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int, str]]:
    found: dict[str, int] = {}
    for name, cents in rows:
        found[name] = found.get(name, 0) + cents
    return [(k.replace("_", " "), v, str(Money(v))) for k, v in sorted(found.items(), key=lambda x: -x[1])]


def ageing(f: Frame) -> Measure:
    owed = receivables_of(f)
    late = sum(r.open_cents for r in owed if r.days > 90)
    whole = sum(r.open_cents for r in owed)
    sums = [sum(r.open_cents for r in owed if _class(r) == n) for n in range(len(AGES))]
    return Measure(
        "ageing",
        "Owed longer than 90 days",
        percent(late, whole),
        "open balances older than 90 days since the claim was sent, of all open balances; bars by age",
        bars([(text, c, str(Money(c))) for (_, text), c in zip(AGES, sums, strict=True)]),
        ("claim", "payer", "days", "open"),
        tuple((r.claim, r.payer, str(r.days), str(Money(r.open_cents))) for r in sorted(owed, key=lambda r: -r.days)),
        tuple(_claim(r.claim_id) for r in sorted(owed, key=lambda r: -r.days)),
    )


def _class(r: Receivable) -> int:
    return next(n for n, (most, _) in enumerate(AGES) if r.days <= most)


def clean_claims(f: Frame) -> Measure:
    found = sent_claims(f)
    return Measure(
        "clean",
        "Clean claims",
        percent(sum(c.clean for c in found), len(found)),
        "claims first sent in these days that were neither rejected nor corrected, of all sent; bars by payer",
        bars(_by((c.payer, int(c.clean), 1) for c in found)),
        ("claim", "payer", "sent", "clean", "charge"),
        tuple((c.claim, c.payer, f"{c.sent_on:%d-%b-%Y}", "yes" if c.clean else "no", str(Money(c.charge_cents))) for c in found),
        tuple(_claim(c.claim_id) for c in found),
    )


def bill_lag(f: Frame) -> Measure:
    found = sorted(sent_claims(f), key=lambda c: -c.lag_days)
    middle = days(median([Decimal(c.lag_days) for c in found])) if found else "–"
    classes = (("0 to 3 days", -10_000, 3), ("4 to 7", 4, 7), ("8 to 14", 8, 14), ("over 14", 15, 10_000))
    counts = [(t, sum(1 for c in found if a <= c.lag_days <= b)) for t, a, b in classes]
    return Measure(
        "lag",
        "Bill lag",
        middle,
        "median days from the last day of care on a claim to its sending; claims sent ahead of it count below zero",
        bars([(t, n, str(n)) for t, n in counts]),
        ("claim", "payer", "sent", "days"),
        tuple((c.claim, c.payer, f"{c.sent_on:%d-%b-%Y}", str(c.lag_days)) for c in found),
        tuple(_claim(c.claim_id) for c in found),
    )


def first_pass(f: Frame) -> Measure:
    found = first_answers(f)
    good = [a for a in found if not a.is_denied]
    return Measure(
        "first_pass",
        "First pass",
        percent(len(good), len(found)),
        "claims whose first answer, posted in these days, denied nothing, of all first answered; bars by payer",
        bars(_by((a.payer, int(not a.is_denied), 1) for a in found)),
        *_answers(found),
    )


def _answers(found: list[Adjudicated]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    head = ("claim", "payer", "answered", "charge", "paid", "denied", "causes", "codes", "sent by")
    rows = tuple(
        (
            a.claim,
            a.payer,
            f"{a.on:%d-%b-%Y}",
            *(str(Money(c)) for c in (a.charge_cents, a.paid_cents, a.denied_cents)),
            ", ".join(a.causes).replace("_", " "),
            " ".join(a.codes),
            a.sender,
        )
        for a in found
    )
    return head, rows, tuple(_claim(a.claim_id) for a in found)


DENIED = "amount that first answers posted in these days denied, of the amount they answered"


def _denials(f: Frame, key: str, title: str, by: Callable[[Adjudicated], tuple[str, ...]], bars_of: str) -> Measure:
    found = first_answers(f)
    whole, denied = sum(a.charge_cents for a in found), sum(a.denied_cents for a in found)
    shares = _sums((name, a.denied_cents // max(len(by(a)), 1)) for a in found if a.is_denied for name in by(a))
    rows = _answers([a for a in found if a.is_denied])
    return Measure(key, title, percent(denied, whole), f"{DENIED}; bars by {bars_of}", bars(shares), *rows)


def collection(f: Frame) -> Measure:
    found = collections(f)
    cash, net = sum(c.cash_cents for c in found), sum(c.net_cents for c in found)
    rows = tuple(
        (
            c.payer,
            *(
                str(Money(x))
                for x in (c.charged_cents, c.contractual_cents, c.cash_cents, c.written_off_cents, c.avoidable_cents)
            ),
            percent(c.cash_cents, c.net_cents),
        )
        for c in found
    )
    return Measure(
        "collection",
        "Net collection",
        percent(cash, net),
        "cash entered in these days over the charges less contract adjustments entered in them; "
        "charges of the last days are not answered yet",
        bars([(c.payer, max(c.cash_cents, 0), str(Money(c.cash_cents))) for c in found]),
        ("payer", "charged", "contract", "cash", "written off", "of it avoidable", "net collection"),
        rows,
        tuple("/billing/ledger/" for _ in found),
    )


def _margin(f: Frame, key: str, title: str, by: Callable[[MarginOf], str]) -> Measure:
    found = sorted(margins_of(f), key=lambda m: m.margin_cents)
    names = {i: p.name for i, p in patients([m.patient_id for m in found]).items()}
    income, cost = sum(m.income_cents for m in found), sum(m.cost_cents for m in found)
    return Measure(
        key,
        title,
        f"{Money(income - cost)} ({percent(income - cost, income)})",
        "cash and patients' shares less drug, supplies, delivery and nursing, as entered in these days; "
        "care that no payer has answered yet counts with its cost and without its money",
        bars(_sums((by(m), m.margin_cents) for m in found)),
        ("group", "therapy", "patient", "drug", "payer", "income", "cost", "margin"),
        tuple(
            (
                by(m).replace("_", " "),
                m.number,
                names.get(m.patient_id, ""),
                m.drug,
                m.payer,
                *(str(Money(x)) for x in (m.income_cents, m.cost_cents, m.margin_cents)),
            )
            for m in found
        ),
        tuple(f"/insight/therapies/{m.therapy_id}/" for m in found),
    )


REVENUE: dict[str, Callable[[Frame], Measure]] = {
    "dso": sales_outstanding,
    "ageing": ageing,
    "clean": clean_claims,
    "first_pass": first_pass,
    "denied_by_cause": lambda f: _denials(f, "denied_by_cause", "Denied, by cause", lambda a: a.causes, "where it began"),
    "denied_by_payer": lambda f: _denials(f, "denied_by_payer", "Denied, by payer", lambda a: (a.payer,), "payer"),
    "denied_by_person": lambda f: _denials(
        f, "denied_by_person", "Denied, by person", lambda a: (a.sender,), "who sent the claim"
    ),
    "collection": collection,
    "lag": bill_lag,
    "margin_by_order": lambda f: _margin(f, "margin_by_order", "Margin by order", lambda m: m.number),
    "margin_by_therapy": lambda f: _margin(f, "margin_by_therapy", "Margin by class of therapy", lambda m: m.therapy_class),
    "margin_by_payer": lambda f: _margin(f, "margin_by_payer", "Margin by payer", lambda m: m.payer),
    "margin_by_prescriber": lambda f: _margin(f, "margin_by_prescriber", "Margin by prescriber", lambda m: m.prescriber),
}
