# SPDX-License-Identifier: Apache-2.0
"""Forms of the patient's own page, in words a patient uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from openinfusion.delivery.public import Answer, Answers, OnHand, Said, TicketFact, TicketLineFact, questions_for
from openinfusion.platform.ui.forms import DayField, WholeField
from openinfusion.portal.domain.request import LONGEST, About, kinds, signs

_YES_NO = [("no", "No"), ("yes", "Yes")]
HARMS = [
    ("mild", "It bothers me a little"),
    ("moderate", "I had to stop, rest or take something for it"),
    ("severe", "I needed somebody's help"),
]


class DoorForm(forms.Form):
    """The code, and the second thing only the patient knows."""

    code = forms.CharField(
        max_length=12, label="Your code",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
    )  # fmt: skip
    born_on = DayField(label="Your date of birth")


class AskForm(forms.Form):
    """What a patient asks for or reports."""

    code = forms.ChoiceField(label="What is it about?", widget=forms.RadioSelect)
    signs = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Do you have any of these?")
    is_reaction = forms.BooleanField(required=False, label="I think it comes from the medicine")
    harm = forms.ChoiceField(choices=HARMS, required=False, label="How bad is it?", initial="mild")
    words = forms.CharField(max_length=LONGEST, label="Tell us in your own words", widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, about: Sequence[About], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [k for k in kinds().values() if k.about in about]
        self.fields["code"].choices = [(k.code, k.text) for k in found]  # type: ignore[attr-defined]
        self.fields["signs"].choices = [(s.code, s.text) for s in signs().values()]  # type: ignore[attr-defined]
        if not any(k.asks_reaction for k in found):
            for name in ("is_reaction", "harm"):
                del self.fields[name]
        if About.HEALTH not in about:
            del self.fields["signs"]


class RefillForm(forms.Form):
    """The questions of the refill call, answered by the patient themselves."""

    doses_on_hand = WholeField(min_value=0, max_value=999, label="How many doses do you have left at home?")
    doses_missed = WholeField(min_value=0, max_value=999, label="How many doses did you miss since the last delivery?")
    missed_why = forms.CharField(required=False, max_length=300, label="If you missed doses: why?")
    details = forms.CharField(
        required=False, max_length=500, label="If you answered yes to something: what was it?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    receives = forms.CharField(required=False, max_length=120, label="Who will be there to take it?")
    instructions = forms.CharField(required=False, max_length=300, label="Anything the driver should know?")
    address_right = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    consents = forms.BooleanField(label="Yes, please send this delivery")

    def __init__(self, *args: Any, ticket: TicketFact, therapy_class: str, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._questions = questions_for(therapy_class)
        self._lines: list[TicketLineFact] = [line for line in ticket.lines if line.kind == "supply"]
        self.fields["address_right"].label = f"Is this the right address: {address}?"
        for q in self._questions:
            self.fields[f"said_{q.code}"] = forms.ChoiceField(choices=_YES_NO, widget=forms.RadioSelect, label=q.text)
        for line in self._lines:
            self.fields[f"hand_{line.id.hex}"] = WholeField(
                required=False, min_value=0, max_value=9999, label=f"How many are left of: {line.text}?"
            )
        self.order_fields(
            [
                "doses_on_hand", "doses_missed", "missed_why", *(n for n in self.fields if n.startswith("hand_")),
                *(n for n in self.fields if n.startswith("said_")), "details", "address_right", "receives", "instructions",
                "consents",
            ]
        )  # fmt: skip

    def answers(self, name: str, need_by: date) -> Answers:
        """What was said; call it on a form that is valid."""
        g = self.cleaned_data
        said = tuple(
            Said(q.code, Answer(g[f"said_{q.code}"]), g["details"] if g[f"said_{q.code}"] == Answer.YES else "")
            for q in self._questions
        )
        hand = tuple(
            OnHand(line.id, line.text, g[f"hand_{line.id.hex}"]) for line in self._lines if g[f"hand_{line.id.hex}"] is not None
        )
        return Answers(
            name, "self, on the patient's own page", g["doses_on_hand"], g["doses_missed"], g["missed_why"], "", "",
            g["address_right"] == "yes", g["consents"], need_by, g["instructions"], said, hand, g["receives"],
        )  # fmt: skip
