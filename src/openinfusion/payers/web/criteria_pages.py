# SPDX-License-Identifier: Apache-2.0
"""What the pages of authorization criteria receive."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.catalog.public import drugs, required_items
from openinfusion.kernel.machine import shown
from openinfusion.kernel.refusal import NotFound
from openinfusion.kernel.standing import Source
from openinfusion.payers import queries
from openinfusion.payers.domain.contract import PayerType
from openinfusion.payers.domain.criteria_version import CRITERIA, CriteriaState
from openinfusion.payers.domain.criterion import CriteriaSet, Criterion
from openinfusion.payers.domain.criterion_text import EXAMPLES, criterion_line, parse_criteria
from openinfusion.payers.permissions import DRAFT_CRITERIA
from openinfusion.payers.queries import CriteriaVersionFact
from openinfusion.payers.queries.criteria import about, changes_in, criteria_facts
from openinfusion.payers.web.forms import DraftStepForm, LinesField, _words
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.forms import DayField, WholeField
from openinfusion.platform.ui.parts import Act, acts_of


def _lines(said: list[str]) -> tuple[str, ...]:
    """The lines as they will be kept; Malformed names every one that cannot be read."""
    return tuple(criterion_line(c) for c in parse_criteria(said))


class CriteriaForm(forms.Form):
    """A version of criteria: whom and what they are for, from when, and the lines."""

    series = forms.CharField(max_length=60, label="Name", help_text="The same in all versions, such as meridian_infliximab.")
    payer_id = forms.ChoiceField(required=False, label="Payer")
    types = forms.MultipleChoiceField(
        required=False, choices=_words(PayerType), label="Kinds of payer (none: all)", widget=forms.CheckboxSelectMultiple)
    classes = forms.MultipleChoiceField(required=False, label="Therapies (none: all)")
    drugs = forms.MultipleChoiceField(required=False, label="Drugs (none: all of the therapies)")
    first = DayField(label="First day", help_text="From this day it holds, once it is approved.")
    source = forms.CharField(max_length=300, help_text="The payer's document, edition and page.")
    why = forms.CharField(max_length=300, label="Why", help_text="What is new about it.")
    lines = LinesField(
        _lines, rows=12, label="Criteria, one a line",
        help_text=f"{EXAMPLES[0]} · {EXAMPLES[2]} · {EXAMPLES[4]} · no line: nothing is asked",
    )
    version = WholeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "payer_id": [("", "every payer of the kinds below"), *((str(p.id), p.name) for p in queries.all_payers())],
            "classes": [(c, c.replace("_", " ")) for c in sorted(required_items())], "drugs": [(d.code, d.name) for d in drugs()],
        }
        for name, said in choices.items():
            self.fields[name].choices = said  # type: ignore[attr-defined]


def written(said: dict[str, Any]) -> dict[str, Any]:
    """What the form said, as the actions take it."""
    return {k: said[k] for k in ("first", "source", "why", "lines", "types", "classes", "drugs")}


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set that holds today: on file, or the version that took its place."""

    name: str
    about: str
    source: Source
    criteria: tuple[Criterion, ...]
    url: str
    copy_url: str


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    text: str
    rows: tuple[SetRow, ...]
    drafts: tuple[tuple[CriteriaVersionFact, str, str], ...]
    may_draft: bool


def criteria_page(text: str, by: Actor) -> CriteriaPage:
    """What holds today, and what waits; of a name, payer, therapy or drug where one is sought."""
    by_code = {p.code: p.name for p in queries.all_payers()}
    approved = {v.series: v for v in reversed(queries.criteria_versions(state="approved", first_on__lte=house_today()))}
    rows = [_row(s, by_code, approved.get(s.code)) for s in queries.criteria_on(house_today())]
    wanted = text.strip().lower()
    shown_rows = [r for r in rows if wanted in f"{r.name} {r.about}".lower()]
    waiting = queries.criteria_versions(state__in=["draft", "proposed"])
    coming = queries.criteria_versions(state="approved", first_on__gt=house_today())
    drafts = tuple(
        (v, CRITERIA.tone(CriteriaState(v.state)), "to come" if v.state == "approved" else v.state) for v in (*waiting, *coming)
    )
    return CriteriaPage(text.strip(), tuple(sorted(shown_rows, key=lambda r: r.name)), drafts, by.may(DRAFT_CRITERIA.code))


def _row(s: CriteriaSet, payers: dict[str, str], v: CriteriaVersionFact | None) -> SetRow:
    who = ", ".join(payers.get(c, c) for c in sorted(s.payer_codes))
    return SetRow(
        s.code.replace("_", " "), about(who, sorted(s.payer_types), sorted(s.classes), sorted(s.drugs)), s.source, s.criteria,
        reverse("payers:criteria_version", args=[v.id]) if v else "", f"{reverse('payers:criteria_new')}?copy={s.code}",
    )


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version: what it says, what it changes, who stands for it, and what a person may do."""

    found: CriteriaVersionFact
    word: str
    tone: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    acts: tuple[Act, ...]
    may_change: bool
    lines: tuple[Line, ...]


def version_page(criteria_id: UUID, by: Actor) -> VersionPage:
    v = queries.criteria_version(criteria_id)
    state, facts = CriteriaState(v.state), criteria_facts(v, by)
    acts = []
    for act in acts_of(
        CRITERIA, v.state, facts, by, url_for=lambda step: reverse("payers:criteria_step", args=[criteria_id, step]),
    ):
        form = DraftStepForm(initial={"version": v.version}, auto_id=f"{act.name}_%s")
        if not act.needs_reason:
            del form.fields["reason"]
        acts.append(replace(act, form=form))
    gone, new = changes_in(v)
    return VersionPage(
        v, shown(state), CRITERIA.tone(state), tuple(gone), tuple(new), tuple(acts),
        state is CriteriaState.DRAFT and facts.drafted_by_actor, tuple(timeline(subject_id=criteria_id)),
    )


@dataclass(frozen=True, slots=True)
class CriteriaEditPage:
    title: str
    back: str
    action: str
    form: CriteriaForm


def new_page(copy: str) -> CriteriaEditPage:
    """An empty form, or one filled with what a series says today."""
    initial: dict[str, Any] = {"first": house_today()}
    if copy:
        found = next((s for s in queries.criteria_on(house_today()) if s.code == copy), None)
        if found is None:
            raise NotFound(f"criteria {copy}")
        payer = next((p for p in queries.all_payers() if p.code in found.payer_codes), None)
        initial |= {
            "series": found.code, "payer_id": str(payer.id) if payer else "", "types": sorted(found.payer_types),
            "classes": sorted(found.classes), "drugs": sorted(found.drugs),
            "lines": "\n".join(criterion_line(c) for c in found.criteria),
        }
    title = f"A new version of {copy.replace('_', ' ')}" if copy else "New criteria"
    return CriteriaEditPage(title, reverse("payers:criteria"), reverse("payers:criteria_enter"), CriteriaForm(initial=initial))


def edit_page(criteria_id: UUID) -> CriteriaEditPage:
    v = queries.criteria_version(criteria_id)
    form = CriteriaForm(initial={
        "series": v.series, "types": v.types, "classes": v.classes, "drugs": v.drugs, "first": v.first, "source": v.source,
        "why": v.why, "lines": "\n".join(v.lines), "version": v.version,
    })
    for name in ("series", "payer_id"):
        del form.fields[name]
    return CriteriaEditPage(
        v.name, reverse("payers:criteria_version", args=[v.id]), reverse("payers:criteria_change", args=[v.id]), form,
    )
