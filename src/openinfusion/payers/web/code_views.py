# SPDX-License-Identifier: Apache-2.0
"""Pages of billing codes: quarterly lists brought in, their difference with who stands on it, then taken or dropped."""
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from openinfusion.catalog.public import CodeListFact, code_list, code_lists, drop_code_list, read_code_list, take_code_list
from openinfusion.payers.permissions import READ
from openinfusion.payers.queries.codes import TouchedCode, touched_by
from openinfusion.platform.ui.forms import DayField, StepForm
from openinfusion.platform.ui.parts import Act
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes

TAKE = "catalog.codes.take"


class CodesForm(forms.Form):
    """A quarterly list to bring in."""

    first = DayField(label="First day", help_text="The first day of the quarter it holds for.")
    source = forms.CharField(max_length=300, help_text="Who published it, and which edition.")
    is_whole = forms.BooleanField(required=False, label="The list is whole: a code that is absent has ended")
    file = forms.FileField(label="CSV file")


@dataclass(frozen=True, slots=True)
class CodesPage:
    rows: tuple[CodeListFact, ...]
    form: CodesForm | None


@dataclass(frozen=True, slots=True)
class CodeListPage:
    """A list, what it would change or has changed, and what a person may do."""

    found: CodeListFact
    kind: str
    rows: tuple[TouchedCode, ...]
    counts: tuple[tuple[str, int], ...]
    touched: int
    acts: tuple[Act, ...]


@reads(READ.code)
def codes(request: Request) -> HttpResponse:
    form = CodesForm() if request.actor.may(TAKE) else None
    return show(request, "payers/codes.html", CodesPage(tuple(code_lists()), form))


@writes
def bring_in(request: Request) -> HttpResponse:
    said = read(CodesForm, request)
    file = said.pop("file")
    made = read_code_list(name=file.name, data=file.read(), by=request.actor, **said)
    return then(request, "payers:code_list", made, said="Read. Nothing has changed yet: look at it, then take it.")


@reads(READ.code)
def one(request: Request, list_id: UUID) -> HttpResponse:
    return show(request, "payers/code_list.html", _page(list_id, request))


def _page(list_id: UUID, request: Request) -> CodeListPage:
    found = code_list(list_id)
    rows = touched_by(found)
    asked = request.GET.get("kind", "")
    kind = asked if asked in ("new", "changed", "ended") else ""
    acts = (
        Act("take", "Take it", reverse("payers:code_list_take", args=[list_id]), "pri"),
        Act("drop", "Drop it", reverse("payers:code_list_drop", args=[list_id]), "danger", needs_reason=True),
    )
    may = request.actor.may(TAKE) and found.standing == "read"
    return CodeListPage(
        found, kind, tuple(r for r in rows if not kind or r.kind == kind),
        tuple((k, found.count(k)) for k in ("new", "changed", "ended")), sum(bool(r.contracts or r.drugs) for r in rows),
        acts if may else (),
    )


@reads(READ.code)
def one_table(request: Request, list_id: UUID) -> HttpResponse:
    """The difference as CSV."""
    return text_table("billing-codes", ("kind", "code", "words", "contracts", "drugs"), (
        (r.kind, r.code, r.words, "; ".join(c.name for c in r.contracts), "; ".join(r.drugs))
        for r in touched_by(code_list(list_id))
    ))


@writes
def take(request: Request, list_id: UUID) -> HttpResponse:
    take_code_list(list_id=list_id, by=request.actor)
    return then(request, "payers:code_list", list_id, said="Taken: it holds from its first day.")


@writes
def drop(request: Request, list_id: UUID) -> HttpResponse:
    drop_code_list(list_id=list_id, reason=read(StepForm, request)["reason"], by=request.actor)
    return then(request, "payers:code_list", list_id, said="Dropped.")
