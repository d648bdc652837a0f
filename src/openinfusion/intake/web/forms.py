# SPDX-License-Identifier: Apache-2.0
"""Forms of intake: they read what was typed and decide nothing."""
from __future__ import annotations

import re
from typing import Any

from django import forms

from openinfusion.catalog import public as catalog
from openinfusion.intake.domain.referral import TurnAway
from openinfusion.payers import public as payers
from openinfusion.platform.ui.forms import AmountField, DayField, StepForm, WholeField

ROUTES = [(r.value, r.value) for r in catalog.Route]
UNITS = [
    ("mg", "mg"),
    ("g", "g"),
    ("ug", "mcg"),
    ("[iU]", "units"),
    ("10*6.[iU]", "million units"),
    ("mL", "mL"),
    ("kcal", "kcal"),
]
SERVICES = [
    (s, s) for s in ("nursing agency", "medical equipment", "physical therapy", "meals", "transport", "interpreter")
]


def _drugs() -> list[tuple[str, str]]:
    return [("", "Choose")] + [
        (d.code, d.tall_man) for d in catalog.drugs() if d.therapy_class != catalog.TherapyClass.ANCILLARY
    ]


def _plans() -> list[tuple[str, str]]:
    return [("", "Choose")] + [(str(p.id), str(p)) for p in payers.plans()]


class OrderForm(forms.Form):
    drug_code = forms.ChoiceField(choices=_drugs, label="Drug")
    dose_amount = AmountField(label="Dose")
    dose_unit = forms.ChoiceField(choices=UNITS, label="Unit")
    route = forms.ChoiceField(choices=ROUTES, label="Route")
    interval_hours = WholeField(min_value=1, max_value=10000, label="Every how many hours")
    days = WholeField(min_value=1, max_value=3660, label="Days of the course")
    doses = WholeField(required=False, min_value=1, max_value=10000, label="Doses ordered")
    infusion_minutes = WholeField(required=False, min_value=0, max_value=20000, label="Infusion, minutes")
    rate_ml_per_h = AmountField(required=False, label="Rate, mL/h")
    start_on = DayField(label="Start of care")
    ordered_on = DayField(required=False, label="Ordered on")
    icd10 = forms.CharField(max_length=10, label="Diagnosis, ICD-10-CM")
    diagnosis_text = forms.CharField(required=False, max_length=300, label="Diagnosis in words")
    prescriber_name = forms.CharField(max_length=120, label="Prescriber")
    prescriber_npi = forms.CharField(max_length=10, label="Prescriber's NPI")


class ReferralForm(forms.Form):
    """A referral by hand: the patient and as much of the order as is known."""

    source_name = forms.CharField(max_length=120, label="Who refers")
    family = forms.CharField(max_length=120, label="Family name")
    given = forms.CharField(max_length=120, label="Given name")
    born_on = DayField(label="Born on")
    sex = forms.ChoiceField(choices=[(s, s) for s in ("female", "male", "other", "unknown")], label="Sex")
    phone = forms.CharField(required=False, max_length=40, label="Telephone")
    line1 = forms.CharField(required=False, max_length=120, label="Street")
    city = forms.CharField(required=False, max_length=80, label="City")
    state = forms.CharField(required=False, max_length=2, label="State")
    zip = forms.CharField(required=False, max_length=10, label="ZIP code")
    drug_text = forms.CharField(max_length=300, label="Order, as written")
    prescriber_name = forms.CharField(required=False, max_length=120, label="Prescriber")
    prescriber_npi = forms.CharField(required=False, max_length=10, label="Prescriber's NPI")
    payer = forms.CharField(required=False, max_length=120, label="Payer or plan, as told")
    member_id = forms.CharField(required=False, max_length=60, label="Member number")
    needed_by = DayField(required=False, label="Needed by")
    note = forms.CharField(required=False, max_length=2000, label="Note", widget=forms.Textarea(attrs={"rows": 2}))


class BenefitsForm(forms.Form):
    plan_id = forms.ChoiceField(choices=_plans, label="Plan")
    in_network = forms.TypedChoiceField(
        choices=[("yes", "in network"), ("no", "out of network")], coerce=lambda v: v == "yes", label="Network",
    )
    deductible = AmountField(required=False, label="Deductible, $")
    deductible_met = AmountField(required=False, label="Deductible met, $")
    coinsurance_pct = AmountField(required=False, label="Coinsurance, %")
    copay = AmountField(required=False, label="Copay, $")
    out_of_pocket_left = AmountField(required=False, label="Out of pocket left, $")
    authorization_wanted = forms.TypedChoiceField(
        choices=[("", "by the plan's rules"), ("yes", "wanted"), ("no", "not wanted")],
        required=False,
        empty_value=None,
        coerce=lambda v: {"yes": True, "no": False}.get(v),
        label="Authorization",
    )
    call_reference = forms.CharField(required=False, max_length=80, label="Reference of the call")
    note = forms.CharField(required=False, max_length=2000, label="Note")


class AssistanceForm(forms.Form):
    """Help with what the patient owes."""

    kind = forms.ChoiceField(
        choices=[("manufacturer_copay", "manufacturer's copay programme"), ("foundation", "independent foundation"),
                 ("free_drug", "free drug")],
        label="Kind",
    )
    name = forms.CharField(max_length=120, label="Programme")
    amount = AmountField(required=False, label="Pays up to, $ a year")
    until = DayField(required=False, label="Until")
    member_number = forms.CharField(required=False, max_length=60, label="Member number")


_SAID = [("no", "no"), ("yes", "yes"), ("unknown", "asked, does not know or does not say"), ("not_asked", "not asked")]


class AssessmentForm(forms.Form):
    willing = forms.BooleanField(required=False, label="Wants home infusion")
    able_to_learn = forms.BooleanField(required=False, label="Can learn it")
    caregiver_willing = forms.BooleanField(required=False, label="A caregiver helps")
    communicates = forms.BooleanField(required=False, label="Can call for help")
    first_dose_before = forms.BooleanField(required=False, label="Has had a first dose")
    services = forms.MultipleChoiceField(
        choices=SERVICES, required=False, widget=forms.CheckboxSelectMultiple, label="Other services needed",
    )
    pregnancy = forms.ChoiceField(required=False, label="Pregnant?", choices=[
        ("", "no subject"), *_SAID, ("impossible", "cannot become pregnant")])
    lactation = forms.ChoiceField(required=False, label="Breastfeeding?", choices=[("", "no subject"), *_SAID])
    note = forms.CharField(required=False, max_length=2000, label="Note")


class UnitsField(forms.CharField):
    """Codes and units, one a line: "S9500 14"."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> dict[str, int]:
        text = super().clean(value) or ""
        found: dict[str, int] = {}
        for line in filter(None, (part.strip() for part in re.split(r"[\n,;]", text))):
            match = re.fullmatch(r"([A-Za-z0-9]{5})\s+([0-9]{1,7})", line)
            if match is None:
                raise forms.ValidationError(f"“{line}” is not a code and its units, such as S9500 14")
            found[match[1].upper()] = int(match[2])
        return found


class AuthorizationForm(forms.Form):
    units = UnitsField(label="Codes and units asked for", help_text="One a line: S9500 14")
    urgent = forms.BooleanField(required=False, label="Expedited: waiting could harm")


class StepsForm(StepForm):
    """What a step of a referral may bring along."""

    turn_away = forms.CharField(required=False)
    referred_to = forms.CharField(required=False, max_length=200)
    start_on = DayField(required=False)


class EndForm(forms.Form):
    turn_away = forms.ChoiceField(
        choices=[(t.value, t.value.replace("_", " ")) for t in TurnAway], label="Coded reason"
    )


class ReferOutForm(EndForm):
    referred_to = forms.CharField(max_length=200, label="Referred to")


class ScheduleForm(forms.Form):
    start_on = DayField(label="Start of care")


class NoteForm(StepForm):
    note = forms.CharField(required=False, max_length=500, label="Note")
