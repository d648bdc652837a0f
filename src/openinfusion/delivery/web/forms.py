# SPDX-License-Identifier: Apache-2.0
"""Forms of the ticket: the call, picking and packing, supplies, the logger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from openinfusion.delivery.domain.carrier import Service
from openinfusion.delivery.domain.pack_out import Lane, PackOut
from openinfusion.delivery.domain.pack_step import PackStep
from openinfusion.delivery.domain.question import Answer, Question, Said
from openinfusion.delivery.domain.refill_call import Answers, Attempt, OnHand
from openinfusion.delivery.queries import TicketLineFact
from openinfusion.platform.ui.forms import ClockField, DayField, MomentField, WholeField

LANES = [(lane.value, lane.value.replace("_", " ")) for lane in Lane]
_SAID = [("", "Not asked"), (Answer.NO.value, "No"), (Answer.YES.value, "Yes")]


def words(of: type) -> list[tuple[str, str]]:
    """The values of an enum as choices, in words."""
    return [(v.value, v.value.replace("_", " ")) for v in of]  # type: ignore[attr-defined]


def clock_field(label: str) -> ClockField:
    return ClockField(required=False, label=label)


class CallForm(forms.Form):
    """What is asked before a delivery: of everybody, by class of therapy, and item by item."""

    spoke_with = forms.CharField(max_length=120, label="Spoke with")
    relation = forms.CharField(max_length=60, label="Relation to the patient", initial="self")
    doses_on_hand = WholeField(min_value=0, max_value=999, label="Doses still on hand")
    doses_missed = WholeField(min_value=0, max_value=999, label="Doses missed since the last delivery", initial=0)
    missed_why = forms.CharField(required=False, max_length=300, label="Why missed")
    changes = forms.CharField(required=False, max_length=500, label="Changes in health, drugs or insurance")
    side_effects = forms.CharField(required=False, max_length=500, label="Side effects")
    need_by = DayField(label="Needed by")
    instructions = forms.CharField(required=False, max_length=500, label="Instructions for the driver")
    receives = forms.CharField(required=False, max_length=120, label="Who will take it")
    window_from = clock_field("Not before")
    window_to = clock_field("Not after")
    supplies_wanted = forms.CharField(required=False, max_length=300, label="Supplies wanted, or not wanted")
    is_address_right = forms.BooleanField(required=False, label="The address is right")
    consents = forms.BooleanField(required=False, label="Agrees to this delivery")
    details = forms.CharField(required=False, max_length=500, label="To what was answered with yes")

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Question] = (),
        lines: Sequence[TicketLineFact] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._questions, self._lines = questions, [line for line in lines if line.kind == "supply"]
        for q in questions:
            self.fields[f"said_{q.code}"] = forms.ChoiceField(required=False, choices=_SAID, label=q.text)
        for line in self._lines:
            self.fields[f"hand_{line.id.hex}"] = WholeField(
                required=False, min_value=0, max_value=9999, label=f"Left of {line.text}"
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[f"said_{q.code}"] for q in self._questions]

    @property
    def counted(self) -> list[forms.BoundField]:
        return [self[f"hand_{line.id.hex}"] for line in self._lines]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[n] for n in self.fields if not n.startswith(("said_", "hand_")) and n != "details"]

    def answers(self) -> Answers:
        """What was said; call it on a form that is valid."""
        given = self.cleaned_data
        plain = {n: v for n, v in given.items() if not n.startswith(("said_", "hand_")) and n != "details"}
        said = tuple(
            Said(q.code, Answer(given[f"said_{q.code}"]), given["details"] if given[f"said_{q.code}"] == Answer.YES else "")
            for q in self._questions
            if given[f"said_{q.code}"]
        )
        hand = tuple(
            OnHand(line.id, line.text, given[f"hand_{line.id.hex}"])
            for line in self._lines
            if given[f"hand_{line.id.hex}"] is not None
        )
        return Answers(**plain, said=said, on_hand=hand)


class AttemptForm(forms.Form):
    """A call that reached nobody."""

    outcome = forms.ChoiceField(choices=words(Attempt), label="What happened")
    again_at = MomentField(required=False, label="Call again at (the site's clock)")
    note = forms.CharField(required=False, max_length=300, label="Note")


class ScanForm(forms.Form):
    scan = forms.CharField(
        max_length=200,
        label="Scan a label or package",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autofocus": "autofocus",
                "spellcheck": "false",
            }
        ),
    )


class PackOutForm(forms.Form):
    """How it travels and how it is packed; the steps that are done are ticked."""

    lane = forms.ChoiceField(choices=LANES, label="Lane")
    pack_out = forms.ChoiceField(label="Pack-out")
    service = forms.ChoiceField(required=False, label="Carrier (none: own driver)")
    hours = WholeField(required=False, min_value=1, max_value=240, label="Hours it must hold, if more than usual")
    steps = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Done")
    logger = forms.CharField(required=False, max_length=40, label="Scan the logger that is put in")
    seal = forms.CharField(required=False, max_length=40, label="Seal number")

    def __init__(
        self,
        *args: Any,
        pack_outs: Sequence[PackOut] = (),
        steps: Sequence[PackStep] = (),
        services: Sequence[Service] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose(
            "pack_out", [(p.code, f"{p.code}: {p.hours} h by {p.lane.value.replace('_', ' ')}, {p.packing}") for p in pack_outs]
        )
        self._choose("steps", [(s.code, s.text) for s in steps])
        self._choose("service", [("", "own driver"), *((str(s.id), f"{s}, cut-off {s.cut_off:%H:%M}") for s in services)])

    def _choose(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options


class TrackingForm(forms.Form):
    tracking_number = forms.CharField(max_length=60, label="Tracking number")


class SupplyForm(forms.Form):
    quantity = WholeField(min_value=0, max_value=999, label="How many")


class LoggerForm(forms.Form):
    """A logger's readings, as a file or keyed."""

    serial = forms.CharField(max_length=40, label="Scan the logger")
    file = forms.FileField(required=False, label="CSV file", help_text="Columns: at, celsius. Times with their offset.")
    keyed = forms.CharField(
        required=False,
        max_length=200_000,
        label="Or the same, keyed",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "at,celsius"}),
    )


class DecisionForm(forms.Form):
    """A pharmacist's word about what left its range."""

    usable = forms.ChoiceField(
        choices=[("", "Choose"), ("yes", "may be used"), ("no", "may not be used")], label="What was in it"
    )
    reason = forms.CharField(max_length=1000, label="On what this rests", widget=forms.Textarea(attrs={"rows": 3}))
    signature = forms.CharField(
        label="Your password, to sign", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
