# SPDX-License-Identifier: Apache-2.0
"""The form in which a pharmacist writes a version of a therapy template: single fields, and lines that can be added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from openinfusion.catalog.adapters import known_items, known_tasks
from openinfusion.catalog.domain.template import PER, AuxiliaryLabel, Monitoring
from openinfusion.catalog.domain.template_change import condition_words
from openinfusion.catalog.domain.template_text import LABEL_LENGTH, KitText, TemplateText
from openinfusion.catalog.queries import ON_THE_SHELF, DraftRow, known, products_where
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.ui.forms import DayField, StepForm

BLANK_LINES = 3


class TemplateStepForm(StepForm):
    """A step of a draft, and the version that was looked at."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _words(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(c, c.replace("_", " ")) for c in sorted(codes)]


class BeginForm(forms.Form):
    """What a new draft needs: its first day, where it comes from and why. It begins as a copy of the version shown."""

    effective_from = DayField(label="First day", help_text="From this day it is in force, once it is signed.")
    source = forms.CharField(max_length=500, help_text="Guideline, label, or your own policy, with its date.")
    why = forms.CharField(label="Why", max_length=500)
    copy_of = forms.UUIDField(required=False, widget=forms.HiddenInput)


class LinesField(forms.CharField):
    """Lines of text, one a line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def clean(self, value: Any) -> Any:
        return tuple(line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip())


class TemplateForm(forms.Form):
    """Everything of a draft that is not a list of lines."""

    effective_from = DayField(label="First day")
    name = forms.CharField(max_length=120)
    source = forms.CharField(max_length=500)
    why = forms.CharField(label="Why", max_length=500)
    required_items = forms.MultipleChoiceField(
        label="Required before acceptance", choices=lambda: _words(known_items()), widget=forms.CheckboxSelectMultiple
    )
    teaching = LinesField(required=False, help_text="One topic a line.")
    goals = LinesField(required=False, help_text="One goal a line, such that one can tell whether it was reached.")
    nursing_task = forms.ChoiceField(label="Nursing task", choices=lambda: _words(known_tasks()))
    visits_per_week = forms.IntegerField(label="Visits a week", min_value=0, max_value=21)
    first_dose_attended = forms.BooleanField(label="First dose attended by a nurse", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class LineForm(forms.Form):
    """One line of a list; left empty it is no line. Each input says its line's number to those who cannot see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = str(self.prefix or "").rpartition("-")[2]
        for field in self.fields.values():
            field.required = False
            said = f"{field.label} {int(number) + 1}" if number.isdigit() else str(field.label)
            field.widget.attrs["aria-label"] = said
            if not isinstance(field, forms.ChoiceField):
                field.widget.attrs.setdefault("placeholder", str(field.label))


def _shelf() -> list[tuple[str, Any]]:
    groups = [(kind, [(p.ndc11, p.name) for p in products_where(kind=kind)]) for kind in ON_THE_SHELF]
    return [("", "no supply"), *((kind, found) for kind, found in groups if found)]


class KitForm(LineForm):
    ndc11 = forms.ChoiceField(label="Supply", choices=_shelf)
    quantity = forms.IntegerField(label="Quantity", min_value=1, max_value=999)
    per = forms.ChoiceField(label="For each", choices=[(p, f"for each {p}") for p in PER])


class LabForm(LineForm):
    name = forms.CharField(label="Test", max_length=120)
    loinc = forms.CharField(label="LOINC", max_length=10)
    every_days = forms.IntegerField(label="Every days", min_value=1, max_value=730)


class LabelForm(LineForm):
    text = forms.CharField(label="Text on the container", max_length=LABEL_LENGTH)
    when = forms.ChoiceField(label="When")


@dataclass(frozen=True, slots=True)
class DraftForm:
    """The form with its lists of lines."""

    main: TemplateForm
    kit: Any
    labs: Any
    labels: Any


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the content, its first day, source and reason, and the version of the draft that was open."""

    content: TemplateText
    effective_from: date
    source: str
    why: str
    version: int | None


def _lists(therapy_class: str, data: Any = None, initial: Mapping[str, list[dict[str, Any]]] | None = None) -> dict[str, Any]:
    conditions = [(c, condition_words(c)) for c in known(therapy_class).conditions]

    class OwnLabelForm(LabelForm):
        when = forms.ChoiceField(label="When", choices=conditions)

    made = {}
    for name, form in (("kit", KitForm), ("labs", LabForm), ("labels", OwnLabelForm)):
        many = forms.formset_factory(form, extra=BLANK_LINES, max_num=100)
        made[name] = many(data, prefix=name, initial=(initial or {}).get(name))
    return made


def draft_form(draft: DraftRow) -> DraftForm:
    """The form, filled with what the draft says."""
    t = draft.text
    main = TemplateForm(initial={
        "effective_from": draft.effective_from, "name": t.name, "source": draft.source, "why": draft.why,
        "required_items": list(t.required_items), "teaching": "\n".join(t.teaching), "goals": "\n".join(t.goals),
        "nursing_task": t.nursing_task, "visits_per_week": t.visits_per_week, "first_dose_attended": t.first_dose_attended,
        "version": draft.version,
    })
    lists = _lists(draft.therapy_class, initial={
        "kit": [{"ndc11": k.ndc11, "quantity": k.quantity, "per": k.per} for k in t.kit],
        "labs": [{"name": m.name, "loinc": m.loinc, "every_days": m.every_days} for m in t.labs],
        "labels": [{"text": x.text, "when": x.when} for x in t.labels],
    })
    return DraftForm(main, **lists)


def read_draft(request: HttpRequest, draft: DraftRow) -> Written:
    """What was written; Malformed with every fault. The order of the required items stays; new ones come last."""
    main, lists = TemplateForm(request.POST), _lists(draft.therapy_class, request.POST)
    faults = [Fault(str(main.fields[n].label or n), str(x)) for n, found in main.errors.items() for x in found]
    kit, labs, labels = (_filled(lists[n], key, faults) for n, key in (("kit", "ndc11"), ("labs", "loinc"), ("labels", "text")))
    if faults:
        raise Malformed(*faults)
    said = main.cleaned_data
    before = [i for i in draft.text.required_items if i in said["required_items"]]
    content = TemplateText(
        name=said["name"], required_items=(*before, *(i for i in said["required_items"] if i not in before)),
        kit=tuple(KitText(k["ndc11"], k["quantity"], k["per"]) for k in kit),
        labs=tuple(Monitoring(m["loinc"], m["name"], m["every_days"]) for m in labs), teaching=said["teaching"],
        goals=said["goals"], labels=tuple(AuxiliaryLabel(x["text"], x["when"]) for x in labels),
        visits_per_week=said["visits_per_week"], nursing_task=said["nursing_task"],
        first_dose_attended=said["first_dose_attended"],
    )
    return Written(content, said["effective_from"], said["source"], said["why"], said["version"])


def _filled(lines: Any, key: str, faults: list[Fault]) -> list[dict[str, Any]]:
    """The lines that have their first thing; a line with only the rest of it is a fault."""
    if not lines.is_valid():
        faults += [Fault(n, str(x)) for line in lines.errors for n, found in line.items() for x in found]
        faults += [Fault("", str(x)) for x in lines.non_form_errors()]
        return []
    found = []
    for number, line in enumerate(lines.cleaned_data, 1):
        missing = [n for n, value in line.items() if value in (None, "")]
        if line and not missing:
            found.append(line)
        elif line and (key not in missing or any(line.get(n) not in (None, "") for n in ("quantity", "every_days", "name"))):
            what = lines.forms[number - 1].fields[missing[0]].label
            faults.append(Fault(f"line {number}", f"“{what}” is missing"))
    return found


