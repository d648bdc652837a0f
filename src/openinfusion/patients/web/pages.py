# SPDX-License-Identifier: Apache-2.0
"""What the templates of patients receive."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from openinfusion.kernel.local_day import day_of
from openinfusion.patients import queries
from openinfusion.patients.adapters import asked_ages
from openinfusion.patients.domain.childbearing import About, Said, words_of
from openinfusion.patients.permissions import CORRECT, COVER, EDIT, LOCATE, RECORD
from openinfusion.patients.queries import Banner, MatchRow, PatientRow
from openinfusion.patients.web import forms as f
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_day_of
from openinfusion.platform.ui.parts import Act


@dataclass(frozen=True, slots=True)
class ListPage:
    text: str
    rows: tuple[PatientRow, ...]
    more: bool


def list_page(text: str) -> ListPage:
    rows = queries.search(text, 101)
    return ListPage(text, tuple(rows[:100]), len(rows) > 100)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section, with what may be done to it."""

    words: str
    detail: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    entries: tuple[Entry, ...]
    none: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class PatientPage:
    banner: Banner
    demographics: tuple[Act, ...]
    sections: tuple[Section, ...]
    matches: tuple[tuple[MatchRow, tuple[Act, ...]], ...]
    zone: str


_NEEDS = {"coverage": COVER, "contact": COVER, "consent": EDIT, "document": EDIT}
_ADD = {
    "allergy": "Record an allergy",
    "no-known-allergies": "No known allergies",
    "condition": "Record a condition",
    "measurement": "Record weight or height",
    "lab": "Record a lab value",
    "medication": "Record a medication",
    "pregnancy": "Record the answer",
    "line": "Record a line",
    "coverage": "Record coverage",
    "home": "Assess the home",
    "contact": "Record a contact",
    "consent": "Record consent",
    "document": "File a document",
}


def patient_page(patient_id: UUID, by: Actor) -> PatientPage:
    banner = queries.banner_of(patient_id)
    zone = queries.zone_of(banner.patient.timezone)
    plans = {p.id: str(p) for p in payers.plans()}

    def add(*whats: str) -> tuple[Act, ...]:
        return tuple(
            Act(f"add-{what}", _ADD[what], reverse("patients:record", args=[patient_id, what]),
                form=f.FORMS[what](auto_id=f"{what}_%s") if f.FORMS[what].base_fields else None)
            for what in whats if by.may(_NEEDS.get(what, RECORD).code)
        )

    def entry(kind: str, id: UUID, words: str, detail: str = "", *more: Act) -> Entry:
        wrong = Act(
            f"error-{id}", "Entered in error", reverse("patients:in_error", args=[patient_id, kind, id]), "quiet", True
        )
        return Entry(words, detail, (*more, *((wrong,) if by.may(CORRECT.code) else ())))

    def removal(id: UUID) -> tuple[Act, ...]:
        if not by.may(RECORD.code):
            return ()
        url = reverse("patients:line_remove", args=[patient_id, id])
        return (Act(f"remove-{id}", "Removed", url, form=f.LineRemovalForm(auto_id=f"{id}_%s")),)

    def stopped(id: UUID) -> tuple[Act, ...]:
        if not by.may(RECORD.code):
            return ()
        url = reverse("patients:medication_stop", args=[patient_id, id])
        return (Act(f"stop-{id}", "Stopped", url, form=f.StopForm(auto_id=f"{id}_%s")),)

    sections = (
        Section(
            "allergy",
            "Allergies",
            tuple(
                entry(
                    "allergy", a.id, a.substance, ", ".join(p for p in (a.severity.replace("_", " "), a.reaction) if p)
                )
                for a in banner.allergies.items
            ),
            "No known allergies" if banner.allergies.state == "none_known" else "Not recorded: nobody has asked",
            add("allergy", *(("no-known-allergies",) if banner.allergies.state == "not_recorded" else ())),
        ),
        Section(
            "measurement",
            "Weight and height",
            tuple(
                entry(
                    "measurement",
                    m.id,
                    f"{m.kind.partition('_')[0]} {m.value.normalize():f} {m.kind.partition('_')[2]}",
                    f"{day_of(m.taken_at, zone):%d-%b-%Y}",
                )
                for m in queries.measurements_of(patient_id)[:8]
            ),
            "Not recorded",
            add("measurement"),
        ),
        Section(
            "lab",
            "Labs",
            tuple(
                entry("lab", r.id, f"{r.name} {r.value.normalize():f} {r.unit}", f"{day_of(r.taken_at, zone):%d-%b-%Y}")
                for r in queries.labs_of(patient_id)[:12]
            ),
            "Not recorded",
            add("lab"),
        ),
        Section(
            "medication",
            "Other medications",
            tuple(entry("medication", m.id, m.name, m.sig, *stopped(m.id)) for m in queries.medications_of(patient_id)),
            "Not recorded",
            add("medication"),
        ),
        Section(
            "line",
            "Access device",
            tuple(
                entry("line", line.id, str(line), f"{line.site} {line.placed_on or ''}".strip(), *removal(line.id))
                for line in queries.lines_of(patient_id)
            ),
            "Not recorded",
            add("line"),
        ),
        Section(
            "condition",
            "Conditions",
            tuple(entry("condition", c.id, f"{c.icd10} {c.text}".strip()) for c in queries.conditions_of(patient_id)),
            "Not recorded",
            add("condition"),
        ),
        *_asked(banner, entry, add),
        Section(
            "coverage",
            "Coverage",
            tuple(
                entry(
                    "coverage",
                    c.id,
                    f"{c.rank}. {plans.get(c.plan_id, '')}, member {c.member_id}",
                    f"{c.relationship}, from {c.first:%d-%b-%Y}" + (f" to {c.last:%d-%b-%Y}" if c.last else ""),
                )
                for c in queries.coverage_of(patient_id)
            ),
            "Not recorded",
            add("coverage"),
        ),
        Section(
            "home",
            "Home",
            tuple(
                entry(
                    "home",
                    h.id,
                    "in order" if not h.concerns else ", ".join(h.concerns),
                    f"{h.assessed_on:%d-%b-%Y}" + (f", also needs {', '.join(h.services)}" if h.services else ""),
                )
                for h in queries.homes_of(patient_id)[:3]
            ),
            "Not assessed",
            add("home"),
        ),
        Section(
            "contact",
            "Contacts",
            tuple(
                entry(
                    "contact",
                    c.id,
                    f"{c.name}, {c.phone}",
                    ", ".join(p for p in (c.relation, "emergency" if c.emergency else "") if p),
                )
                for c in queries.contacts_of(patient_id)
            ),
            "Not recorded",
            add("contact"),
        ),
        Section(
            "consent",
            "Consent",
            tuple(
                entry("consent", c.id, c.kind.replace("_", " "), f"{c.signer}, {c.given_on:%d-%b-%Y}")
                for c in queries.consents_of(patient_id)
            ),
            "Not recorded",
            add("consent"),
        ),
        Section(
            "document",
            "Documents",
            tuple(
                entry("document", d.id, d.title, f"{d.kind}, {house_day_of(d.made_at):%d-%b-%Y}")
                for d in queries.documents_of(patient_id)
            ),
            "None",
            add("document"),
        ),
    )
    return PatientPage(
        banner, (*_demographics(banner, by), *_location(banner, by)), sections, tuple(_matches(patient_id, by)), zone,
    )


def _asked(banner: Banner, entry: Callable[..., Entry], add: Callable[..., tuple[Act, ...]]) -> tuple[Section, ...]:
    """Pregnancy and lactation, for those the chart asks and those who answered."""
    found = queries.asked_of(banner.patient.id)
    if not found and not asked_ages().holds(banner.age):
        return ()
    known = {a.about: a for a in found}
    entries = [
        entry("pregnancy", a.id, a.words, f"asked {a.asked_on:%d-%b-%Y}, {a.asked_by}" if a.asked_on else a.asked_by)
        if (a := known.get(about)) else Entry(words_of(about, Said.NOT_ASKED), "", ())
        for about in About
    ]
    return (Section("pregnancy", "Pregnancy and lactation", tuple(entries), "", add("pregnancy")),)


def _demographics(banner: Banner, by: Actor) -> tuple[Act, ...]:
    if not by.may(EDIT.code):
        return ()
    p = banner.patient
    known = {
        "family": p.family,
        "given": p.given,
        "born_on": p.born_on,
        "sex": p.sex,
        "line1": p.address.line1,
        "line2": p.address.line2,
        "city": p.address.city,
        "state": p.address.state,
        "zip": p.address.zip,
        "phone": p.phone,
        "email": p.email,
        "language": p.language,
    }
    form = f.DemographicsForm(initial=known, auto_id="demographics_%s")
    return (Act("demographics", "Change", reverse("patients:demographics", args=[p.id]), form=form),)


def _location(banner: Banner, by: Actor) -> tuple[Act, ...]:
    p = banner.patient
    if not by.may(LOCATE.code) or not p.address.zip:
        return ()
    known = {"point": p.address.point or "", "how": p.address.located_how or "read from a map"}
    form = f.PlaceForm(initial=known, auto_id="place_%s")
    label = "Change its place on the map" if p.address.point else "Put it on the map"
    return (Act("place", label, reverse("patients:place", args=[p.id]), form=form),)


def _matches(patient_id: UUID, by: Actor) -> list[tuple[MatchRow, tuple[Act, ...]]]:
    def acts(match: MatchRow) -> tuple[Act, ...]:
        if not by.may(CORRECT.code):
            return ()
        form = f.MatchForm(auto_id=f"{match.id}_%s")
        del form.fields["reason"]
        url = reverse("patients:match_decide", args=[patient_id, match.id])
        return (Act(f"match-{match.id}", "Decide", url, needs_reason=True, form=form),)

    return [(m, acts(m)) for m in queries.open_matches(patient_id)]


@dataclass(frozen=True, slots=True)
class NewPage:
    form: f.DemographicsForm


