# SPDX-License-Identifier: Apache-2.0
"""Pages of the month's close: the months, and one month with its checklist and its reconciliation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.billing.domain.period import PERIOD, Item, PeriodState
from openinfusion.billing.models import Period
from openinfusion.billing.permissions import CLOSE
from openinfusion.billing.queries.closing import margin_report, period_facts, reconciliation
from openinfusion.billing.queries.periods import months_with_entries, periods
from openinfusion.billing.web.cash_forms import (
    ExplainForm,
    MonthForm,
)
from openinfusion.billing.web.sheet import Box, Cell, Line, SheetPage, Table, money, state
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.ui.parts import acts_of
from openinfusion.therapy.public import therapies_by_id


def periods_page(by: Actor) -> SheetPage:
    """The months of the books."""
    today, taken = house_today(), {p.first: p for p in periods()}
    lines = []
    for first in months_with_entries(today):
        p = taken.get(first)
        name = f"{first:%B %Y}"
        lines.append(
            Line(
                (
                    Cell(name, reverse("billing:period", args=[p.id])) if p else Cell(name),
                    state(PERIOD, p.state) if p else Cell("not taken up"),
                    Cell(p.closed_name if p and p.closed_name else "–"),
                    Cell(p.approved_name if p and p.approved_name else "–"),
                )
            )
        )
    newest = next((m for m in months_with_entries(today) if m not in taken), today)
    boxes = (
        (Box("Take a month up", reverse("billing:period_open"), MonthForm(initial={"day": newest}), "Take up"),)
        if by.may(CLOSE.code)
        else ()
    )
    return SheetPage(
        "Month's close",
        "periods",
        (Table("Months", ("Month", "State", "Closed by", "Approved by"), tuple(lines), "No entry yet."),),
        boxes=boxes,
        lead="Once a month is approved, the database refuses entries dated inside it; "
        "what comes later is entered on the first open day.",
    )


def period_page(period_id: UUID, by: Actor) -> SheetPage:
    """One month: its checklist, its reconciliation and its margins."""
    row = fetch(Period, period_id)
    facts = period_facts(row, by)
    acts = acts_of(PERIOD, row.state, facts, by, url_for=lambda step: reverse("billing:period_step", args=[period_id, step]))
    done = sum(1 for i in facts.items if i.is_done)
    overview = Table(
        "Checklist",
        ("What", ">Looked at", ">Stands against", "Done"),
        tuple(
            Line(
                (
                    Cell(i.title),
                    Cell(str(i.looked_at), number=True),
                    Cell(str(i.standing), number=True),
                    Cell("done", tone="ok") if i.is_done else Cell("open", tone="warn"),
                )
            )
            for i in facts.items
        ),
    )
    agreed = Table(
        "Margin report against the ledger",
        ("What", ">By therapy", ">No therapy", ">Ledger", ">Difference"),
        tuple(
            Line(
                (
                    Cell(r.what.replace("_", " ")),
                    money(r.report_cents),
                    money(r.outside_cents),
                    money(r.ledger_cents),
                    money(r.difference),
                )
            )
            for r in reconciliation(row.first, row.last)
        ),
    )
    may = by.may(CLOSE.code) and row.state == "open"
    return SheetPage(
        str(row),
        "periods",
        (overview, *(_item_table(i, period_id, may) for i in facts.items if i.todo), agreed, _margins(row.first, row.last)),
        tallies=(("Checklist", f"{done} of {len(facts.items)}"),),
        acts=acts,
        chip=(PERIOD.tone(PeriodState(row.state)), row.state),
        back=("All months", reverse("billing:periods")),
        links=(("Margins as CSV", reverse("billing:period_table", args=[period_id])),),
        lead=f"{row.first:%d-%b-%Y} to {row.last:%d-%b-%Y}"
        + (f", closed by {row.closed_name}" if row.closed_name else "")
        + (f", approved by {row.approved_name}" if row.approved_name else ""),
    )


def _item_table(i: Item, period_id: UUID, may: bool) -> Table:
    return Table(
        i.title,
        ("What stands against it", "Explained"),
        tuple(
            Line(
                (Cell(t.text, t.url), Cell(t.explained or "–")),
                box=Box("Explain", reverse("billing:period_explain", args=[period_id]), _keyed(t.key), "Explain")
                if may and t.can_explain and t.stands
                else None,
                late=t.stands,
            )
            for t in i.todo[:200]
        ),
        sub=f"{i.standing} of {len(i.todo)} stand",
    )


def _keyed(key: str) -> ExplainForm:
    form = ExplainForm(auto_id=f"{key.replace(':', '-')}-%s")
    form.fields["key"] = forms.CharField(widget=forms.HiddenInput, initial=key)
    return form


def _margins(first: date, last: date) -> Table:
    found = sorted(margin_report(first, last), key=lambda m: m.margin_cents)
    names = therapies_by_id([m.therapy_id for m in found])
    return Table(
        "Margin by therapy, entered in the month",
        ("Therapy", ">Charged", ">Paid", ">Patient", ">Cost", ">Margin"),
        tuple(
            Line(
                (
                    Cell(
                        names[m.therapy_id].number if m.therapy_id in names else "–",
                        f"/insight/therapies/{m.therapy_id}/",
                        sub=names[m.therapy_id].drug_name if m.therapy_id in names else "",
                    ),
                    money(m.charged_cents),
                    money(m.paid_cents),
                    money(m.patient_cents),
                    money(m.cost_cents),
                    money(m.margin_cents),
                )
            )
            for m in found[:300]
        ),
        "Nothing was entered.",
    )
