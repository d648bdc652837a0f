# SPDX-License-Identifier: Apache-2.0
"""Forms of the road: the hand-over, a failed delivery, routes, returns, validations, carriers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from openinfusion.delivery.domain.carrier import DAYS
from openinfusion.delivery.domain.coming_back import Disposition, ReturnKind
from openinfusion.delivery.domain.failure import Failure, Identity, Next
from openinfusion.delivery.domain.ticket import AT_CHAIR
from openinfusion.delivery.queries import TicketLineFact
from openinfusion.delivery.web.forms import LANES, words
from openinfusion.platform.ui.forms import AmountField, ClockField, DayField, WholeField

_SEAL = [("", "not looked at"), ("yes", "whole"), ("no", "broken")]


def choose(form: forms.Form, name: str, options: Sequence[tuple[str, str]]) -> None:
    """Set what a field of choices offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(options)


class HandOverForm(forms.Form):
    """The proof of delivery, filled in on a phone."""

    scans = forms.CharField(
        required=False,
        max_length=4000,
        label="Scan each box",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )
    received_by = forms.CharField(max_length=120, label="Handed to")
    relation = forms.CharField(
        max_length=60, label="Relation to the patient", initial="self",
        help_text=f"“{AT_CHAIR}” where it is given in an infusion suite: then it is charged as given there",
    )
    identity = forms.ChoiceField(choices=[("", "Choose"), *words(Identity)], label="Known by")
    arrived_c = AmountField(required=False, label="Temperature on arrival, °C")
    seal = forms.ChoiceField(required=False, choices=_SEAL, label="Seal")
    left = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Not handed over")
    left_why = forms.CharField(required=False, max_length=300, label="Why not handed over")
    photo = forms.FileField(
        required=False, label="Photo", widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
    note = forms.CharField(required=False, max_length=500, label="Note")
    latitude = AmountField(required=False, widget=forms.HiddenInput())
    longitude = AmountField(required=False, widget=forms.HiddenInput())
    accuracy_m = WholeField(required=False, widget=forms.HiddenInput())
    strokes = forms.CharField(required=False, max_length=30000, widget=forms.HiddenInput())
    typed = forms.CharField(required=False, max_length=120, label="Or the name typed as signature")

    def __init__(self, *args: Any, lines: Sequence[TicketLineFact] = (), asks_photo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "left", [(str(line.id), f"{line.quantity} × {line.text}") for line in lines])
        self.fields["photo"].required = asks_photo


class FailForm(forms.Form):
    failure = forms.ChoiceField(choices=words(Failure), label="Why")
    then_do = forms.ChoiceField(choices=words(Next), label="What is done now")
    note = forms.CharField(required=False, max_length=500, label="Note")


class PassOnForm(forms.Form):
    to_driver = forms.ChoiceField(label="Given to")
    place = forms.CharField(max_length=120, label="Where")
    seal = forms.ChoiceField(required=False, choices=_SEAL, label="Seal")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to_driver", people)


class RouteForm(forms.Form):
    """A route of a day: who drives what, when it leaves."""

    name = forms.CharField(max_length=40, label="Route", initial="A")
    driver = forms.ChoiceField(label="Driver")
    vehicle = forms.CharField(required=False, max_length=60, label="Vehicle")
    leaves = ClockField(label="Leaves at")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "driver", people)


class StopForm(forms.Form):
    """One stop: put on a route, or moved on it."""

    stop = forms.CharField(max_length=80, widget=forms.HiddenInput())
    move = forms.ChoiceField(choices=[("add", "Add"), ("up", "Up"), ("down", "Down"), ("off", "Take off")])


class AskBackForm(forms.Form):
    """Something to pick up at a patient's."""

    mrn = forms.CharField(max_length=40, label="Patient's MRN")
    kind = forms.ChoiceField(choices=words(ReturnKind), label="What kind")
    serial = forms.CharField(required=False, max_length=60, label="Serial number (a device)")
    text = forms.CharField(required=False, max_length=200, label="What (anything else)")
    quantity = WholeField(min_value=1, max_value=999, initial=1, label="How many")
    wanted_on = DayField(label="To be picked up on")
    note = forms.CharField(required=False, max_length=300, label="Note")


class DispositionForm(forms.Form):
    disposition = forms.ChoiceField(required=False, choices=words(Disposition), label="Where it goes")


class ValidationForm(forms.Form):
    """A study of pack-outs."""

    codes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Pack-outs")
    title = forms.CharField(max_length=160, label="Study or protocol")
    hours = WholeField(min_value=1, max_value=240, label="Hours it held")
    low_c = AmountField(label="Lowest, °C")
    high_c = AmountField(label="Highest, °C")
    first = DayField(label="From")
    last = DayField(label="Good until")
    document = forms.FileField(required=False, label="Document (PDF, PNG or JPEG)")

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "codes", codes)


class ServiceForm(forms.Form):
    """A carrier's service."""

    carrier = forms.CharField(max_length=80, label="Carrier")
    name = forms.CharField(max_length=80, label="Service")
    lane = forms.ChoiceField(choices=LANES, label="Lane")
    cut_off = ClockField(label="Cut-off, by the site's clock")
    weekdays = forms.MultipleChoiceField(
        choices=[(str(n), d) for n, d in enumerate(DAYS)], widget=forms.CheckboxSelectMultiple, label="Runs on"
    )
    hours = WholeField(min_value=1, max_value=240, label="Hours to the door at the latest")


class DoorForm(forms.Form):
    """What a site asks for at the door."""

    asks_position = forms.BooleanField(
        required=False, label="Keep the driver's position, where the phone and the person allow it"
    )
    asks_photo = forms.BooleanField(required=False, label="A photo is wanted")


def whole_or_none(text: str) -> bool | None:
    """What the seal's choice means."""
    return {"yes": True, "no": False}.get(text)


def ids(texts: Sequence[str]) -> tuple[UUID, ...]:
    return tuple(UUID(t) for t in texts)
