# SPDX-License-Identifier: Apache-2.0
"""Forms of monitoring, interventions, care plan, teaching, calls and events."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django import forms

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.coded import Topic, call_topics, coded
from openinfusion.clinical.domain.event import Family, Harm, Related
from openinfusion.clinical.domain.intervention import Discipline
from openinfusion.clinical.domain.protocol import known_exams
from openinfusion.clinical.queries.lab_report import ReportLine
from openinfusion.patients.public import LabValue
from openinfusion.platform.ui.forms import AmountField, DayField, MomentField, WholeField

_CHOOSE = ("", "Choose")


def _words(of: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(v.value, v.value.replace("_", " ")) for v in of]


def _list(kind: str) -> list[tuple[str, str]]:
    return [_CHOOSE, *coded(kind).items()]


def _text(label: str, rows: int = 2, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class DrawForm(forms.Form):
    drawn_on = DayField(label="Drawn on")


class LabReportForm(forms.Form):
    """The values of one draw; what is left empty is not in the report."""

    taken_at = MomentField(label="Drawn at, where the patient lives")

    def __init__(self, *args: object, lines: Iterable[ReportLine] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.lines = tuple(lines)
        for line in self.lines:
            self.fields[line.loinc] = AmountField(label=f"{line.name}, {line.unit}", required=False)

    def values(self) -> list[LabValue]:
        """What was filled in, in the units that stood beside the fields."""
        said = self.cleaned_data
        return [LabValue(x.loinc, x.name, said[x.loinc], x.unit) for x in self.lines if said[x.loinc] is not None]


class WatchForm(forms.Form):
    """A test put on the list by hand."""

    therapy_id = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.ChoiceField(label="Test", choices=lambda: [_CHOOSE, *((e.code, e.name) for e in known_exams().values())])
    every_days = WholeField(label="Every how many days", min_value=1, initial=7)
    due_on = DayField(label="First due on")


class CourseForm(forms.Form):
    """Base of what is written about a course of a patient, or about none in particular."""

    def __init__(self, *args: object, courses: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = forms.ChoiceField(label="Therapy", required=False, choices=[("", "None in particular"), *courses])
        self.fields["therapy_id"] = field if courses else forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class InterventionForm(CourseForm):
    kind = forms.ChoiceField(label="Type", choices=lambda: _list("intervention_type"))
    discipline = forms.ChoiceField(choices=_words(Discipline))
    problem = _text("Problem")
    recommendation = _text("What was done or recommended", required=False)
    minutes = WholeField(label="Minutes spent", min_value=1, max_value=480)
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=lambda: [("", "Still open"), *coded("intervention_outcome").items()]
    )


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label="Outcome", choices=lambda: _list("intervention_outcome"))
    minutes = WholeField(label="Further minutes spent", min_value=0, max_value=480, initial=0)


class GoalForm(CourseForm):
    discipline = forms.ChoiceField(choices=_words(Discipline))
    problem = _text("Problem")
    goal = _text("Goal, such that one can tell whether it was reached")
    measure = _text("What is done, how often, by whom")
    review_on = DayField(label="Review on", required=False)


class GoalReviewForm(forms.Form):
    progress = _text("How it stands")
    review_on = DayField(label="Next review on", required=False)


class TeachingForm(CourseForm):
    topic = forms.CharField(max_length=300)
    method = forms.ChoiceField(choices=lambda: _list("teach_method"))
    learner = forms.CharField(label="Who was taught", max_length=120, initial="patient")
    language = forms.CharField(required=False, max_length=60)
    interpreter = forms.BooleanField(label="With an interpreter", required=False)
    result = forms.ChoiceField(label="Teach-back", choices=lambda: _list("teach_result"))
    taught_on = DayField(label="Taught on", required=False)
    note = _text("Note", required=False)


class CallForm(CourseForm):
    """One call, quick to fill with one hand."""

    patient_id = forms.UUIDField(widget=forms.HiddenInput)
    caller = forms.CharField(label="Who called", max_length=120)
    relation = forms.CharField(label="Relation", required=False, max_length=60)
    phone = forms.CharField(
        label="Number to call back", required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    topic = forms.ChoiceField(label="About", choices=lambda: [_CHOOSE, *((t.code, _topic(t)) for t in call_topics().values())])
    words = _text("What was said", 3)
    advice = _text("What was advised", required=False)
    minutes = WholeField(label="Minutes", required=False, min_value=0, max_value=480)
    hand_to = forms.ChoiceField(
        label="Hand to",
        required=False,
        choices=[
            ("", "Nobody: settled with this advice"),
            ("pharmacist", "Pharmacist on call"),
            ("nurse", "Nurse on call"),
            ("manager", "Manager on call"),
        ],
    )


def _topic(topic: Topic) -> str:
    return f"{topic.text} (urgent)" if topic.urgent else topic.text


class AdviceForm(forms.Form):
    advice = _text("What was advised")


class EndForm(forms.Form):
    """The end of a call that something waits for."""

    release = forms.ChoiceField(label="What waits for it", choices=[("", "Choose"), ("go", "may go"), ("hold", "is held")])


class EndWithAdviceForm(EndForm):
    advice = _text("What was decided and advised")


class EventForm(CourseForm):
    """What should not have happened: the kind says to which list it belongs."""

    what = forms.ChoiceField(
        label="What",
        choices=lambda: [
            _CHOOSE,
            *(
                (f.value.replace("_", " ").capitalize(), [(f"{f.value}:{c}", t) for c, t in coded(f.value).items()])
                for f in Family
            ),
        ],
    )
    harm = forms.ChoiceField(label="How bad", choices=_words(Harm))
    related = forms.ChoiceField(label="Comes of the therapy", choices=_words(Related), initial=Related.UNKNOWN.value)
    occurred_on = DayField(label="On")
    ended_on = DayField(label="Ended on", required=False)
    line_id = forms.ChoiceField(label="Device, for a line event", required=False)
    text = _text("What happened, what was done", 3)

    def __init__(self, *args: object, lines: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = forms.ChoiceField(label="Device, for a line event", required=False, choices=[("", "None"), *lines])
        self.fields["line_id"] = field if lines else forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class JudgeForm(forms.Form):
    related = forms.ChoiceField(label="Comes of the therapy", choices=[_CHOOSE, *_words((Related.RELATED, Related.UNRELATED))])
    ended_on = DayField(label="Ended on", required=False)


class PeriodForm(forms.Form):
    first = DayField(label="From")
    last = DayField(label="Through")
    therapy_class = forms.ChoiceField(
        label="Therapy",
        required=False,
        choices=[("", "All"), *((c.value, c.value.replace("_", " ")) for c in catalog.TherapyClass)],
    )
