# SPDX-License-Identifier: Apache-2.0
"""Pages of counting: what is due, the sheet that hides the book, and what differs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.inventory import permissions
from openinfusion.inventory.domain.count import COUNT, CountState
from openinfusion.inventory.models import CountLine, CountSheet, Location
from openinfusion.inventory.queries.count import count_facts, counted, counts_due
from openinfusion.inventory.web.table import Entry, Page, cell, facts, table
from openinfusion.inventory.web.working import places_to_choose, working_site
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.forms import AmountField
from openinfusion.platform.ui.parts import acts_of


class OpenForm(forms.Form):
    """A place, and the class of products to count there."""

    location_id = forms.TypedChoiceField(label="Place", coerce=UUID)
    klass = forms.ChoiceField(
        label="Class", required=False, choices=[("", "everything there"), ("A", "A"), ("B", "B"), ("C", "C")]
    )

    def __init__(self, *args: Any, places: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location_id"].choices = places  # type: ignore[attr-defined]


class CountForm(forms.Form):
    """One figure for each line: what is seen, not what is expected. Empty lines are left for later."""

    def __init__(self, *args: Any, lines: list[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            label = f"{line.lot.product.name}, lot {line.lot.number}, expires {line.lot.expires_on:%d-%b-%Y}"
            self.fields[f"line-{line.id}"] = AmountField(label=label, required=False)

    def clean(self) -> dict[str, Any]:
        found = {UUID(k.removeprefix("line-")): v for k, v in super().clean().items() if k.startswith("line-") and v is not None}  # type: ignore[union-attr]
        if not found:
            raise forms.ValidationError("count at least one line")
        return {"amounts": found}


class ReasonsForm(forms.Form):
    """Why each line differs."""

    def __init__(self, *args: Any, lines: list[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"line-{line.id}"] = forms.CharField(
                label=f"{line.lot.product.name}, lot {line.lot.number}", required=False, max_length=500, initial=line.reason
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, str] = super().clean() or {}
        return {"reasons": {UUID(k.removeprefix("line-")): v for k, v in given.items() if k.startswith("line-")}}


def lines_of(sheet_id: UUID) -> list[CountLine]:
    rows = CountLine.objects.filter(sheet_id=sheet_id).select_related("lot__product")
    return list(rows.order_by("lot__product__name", "lot__expires_on", "lot__number"))


def lines_to_enter(sheet: CountSheet) -> list[CountLine]:
    """The lines to count now, each once: of the first round all, of the second those that differ."""
    found = lines_of(sheet.id)
    if sheet.state == CountState.RECOUNTING.value:
        return [x for x in found if counted(x).differs and x.second_amount is None]
    return [x for x in found if x.counted_amount is None]


def lines_to_explain(sheet_id: UUID) -> list[CountLine]:
    return [x for x in lines_of(sheet_id) if counted(x).difference]


def counts_page(by: Actor, state: str) -> Page:
    site_id = working_site(by)
    sheets = CountSheet.objects.filter(location__site_id=site_id).select_related("location").order_by("-made_at")
    sheets = sheets.exclude(state__in=["posted", "cancelled"]) if state == "open" else sheets
    due = table(
        "Due for counting",
        ("Place", "Class", "Products", "Value", "Due since"),
        [(d.place, d.klass, d.products, d.value, d.due_on) for d in counts_due(site_id)],
        empty="Nothing is due",
        text="Every product was counted within its class's time.",
        sub="dearest classes first",
    )
    listed = table(
        "Count sheets",
        ("Sheet", "Place", "Class", "State", "Counted by", "Opened"),
        [
            (
                cell(s.number, href=reverse("inventory:count", args=[s.id]), code=True),
                s.location.name,
                s.klass or "all",
                cell(s.state.replace("_", " "), tone=COUNT.tone(CountState(s.state))),
                s.counter_name,
                s.made_at,
            )
            for s in sheets[:200]
        ],
        empty="No sheet",
        text="Open one for a place that is due.",
    )
    entries: tuple[Entry, ...] = ()
    if by.may(permissions.COUNT.code):
        entries = (Entry("Open a sheet", reverse("inventory:count_open"), "Open", OpenForm(places=places_to_choose(by))),)
    return Page(
        "Counts",
        "counts",
        "blind, by another person where they differ, approved by a third",
        tables=(due, listed),
        entries=entries,
    )


def count_page(sheet_id: UUID, by: Actor) -> Page:
    """While it is being counted nobody sees the book or what another counted."""
    sheet = fetch(CountSheet, sheet_id)
    place = fetch(Location, sheet.location_id)
    open_ = sheet.state in (CountState.COUNTING.value, CountState.RECOUNTING.value)
    found = lines_of(sheet.id)
    entries: tuple[Entry, ...] = ()
    if open_ and by.may(permissions.COUNT.code) and (left := lines_to_enter(sheet)):
        word = "Count again" if sheet.state == CountState.RECOUNTING.value else "Count"
        entries = (
            Entry(
                word,
                reverse("inventory:count_record", args=[sheet.id]),
                "Save the count",
                CountForm(lines=left),
                "what you see on the shelf; the book is not shown",
            ),
        )
    elif sheet.state == CountState.TO_APPROVE.value and (differing := lines_to_explain(sheet.id)):
        entries = (
            Entry(
                "Why it differs",
                reverse("inventory:count_explain", args=[sheet.id]),
                "Save the reasons",
                ReasonsForm(lines=differing),
            ),
        )
    return Page(
        f"Count {sheet.number}",
        "counts",
        f"{place.name}, {'class ' + sheet.klass if sheet.klass else 'everything there'}",
        sheet.state.replace("_", " "),
        COUNT.tone(CountState(sheet.state)),
        acts_of(
            COUNT,
            sheet.state,
            count_facts(sheet, by.id),
            by,
            url_for=lambda step: reverse("inventory:count_step", args=[sheet.id, step]),
        ),
        links=(("Print the sheet", reverse("inventory:count_print", args=[sheet.id])),),
        facts=facts(
            ("Counted by", sheet.counter_name), ("Counted again by", sheet.recounter_name), ("Approved by", sheet.approver_name)
        ),
        tables=(_progress(found) if open_ else _result(found),),
        entries=entries,
        lines=tuple(timeline(subject_id=sheet.id)),
    )


def _progress(found: list[CountLine]) -> Any:
    return table(
        "Lines",
        ("Product", "Lot", "Expires", "Counted"),
        [
            (
                x.lot.product.name,
                cell(x.lot.number, code=True),
                x.lot.expires_on,
                cell("yes", tone="ok") if x.counted_amount is not None else cell("not yet", tone="wait"),
            )
            for x in found
        ],
    )


def _result(found: list[CountLine]) -> Any:
    return table(
        "Result",
        ("Product", "Lot", "Book", "Counted", "Again", "Difference", "Why"),
        [
            (
                x.lot.product.name,
                cell(x.lot.number, code=True),
                x.book_amount or Decimal(0),
                x.counted_amount or Decimal(0),
                "" if x.second_amount is None else x.second_amount,
                counted(x).difference,
                x.reason,
            )
            for x in found
        ],
    )
