# SPDX-License-Identifier: Apache-2.0
"""Views of monitoring, outcomes, a patient's clinical pages and calls: each calls at most one action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse

from openinfusion.clinical import public as clinical
from openinfusion.clinical.permissions import CALL_LOG, CARE_READ, OUTCOME_READ
from openinfusion.clinical.queries.lab_report import report_lines
from openinfusion.clinical.queries.monitoring import zone_of
from openinfusion.clinical.queries.outcomes import outcomes_of
from openinfusion.clinical.web import care_forms as f
from openinfusion.clinical.web import care_pages, lab_report_pages, monitoring_pages
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.patients import public as patients
from openinfusion.platform.house_day import house_today
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, filled, read, reads, show, text_table, then, writes

PERIOD_DAYS = 90


def _patient(request: Request) -> UUID | None:
    """The patient named in the address; NotFound where it is no id."""
    given = request.GET.get("patient", "")
    try:
        return UUID(given) if given else None
    except ValueError:
        raise NotFound(f"patient {given}") from None


@reads(CARE_READ.code)
def monitoring(request: Request) -> HttpResponse:
    page = monitoring_pages.queue_page(request.GET.get("show", ""), _patient(request), request.actor)
    return show(request, "clinical/monitoring.html", page)


@writes
def monitoring_step(request: Request, monitoring_id: UUID, step: str) -> HttpResponse:
    said = read(f.DrawForm, request) if step == "draw" else read(StepForm, request)
    clinical.advance_monitoring(monitoring_id=monitoring_id, step=step, by=request.actor, **said)
    return then(request, "clinical:monitoring", said="Done.")


@writes
def results_accept(request: Request, patient_id: UUID) -> HttpResponse:
    seen = clinical.accept_results(patient_id=patient_id, by=request.actor)
    return then(request, "clinical:care", patient_id, said=f"{seen} result(s) seen, no change.")


@reads(CARE_READ.code)
def trends(request: Request, patient_id: UUID) -> HttpResponse:
    return show(request, "clinical/trends.html", monitoring_pages.trend_page(patient_id))


@reads(CARE_READ.code)
def lab_report(request: Request, patient_id: UUID) -> HttpResponse:
    page = lab_report_pages.report_page(patient_id, request.GET.get("test", ""))
    return show(request, "clinical/lab_report.html", page)


@writes
def lab_report_enter(request: Request, patient_id: UUID) -> HttpResponse:
    form = f.LabReportForm(request.POST, lines=report_lines(patient_id))
    said = filled(form)
    at = said["taken_at"].replace(tzinfo=ZoneInfo(zone_of(patient_id)))
    patients.record_lab_report(patient_id=patient_id, values=form.values(), taken_at=at, by=request.actor)
    return then(request, "clinical:trends", patient_id, said="The report is on the chart.")


def _period(request: Request) -> tuple[date, date, str]:
    """The period asked for; the last ninety days where none is."""
    today = house_today()
    if not request.GET.get("first") and not request.GET.get("last"):
        return today - timedelta(days=PERIOD_DAYS), today, ""
    form = f.PeriodForm(request.GET)
    if not form.is_valid():
        raise Malformed(*(Fault(name, str(errors[0])) for name, errors in form.errors.items()))
    said = form.cleaned_data
    return said["first"], said["last"], said["therapy_class"]


@reads(OUTCOME_READ.code)
def outcomes(request: Request) -> HttpResponse:
    return show(request, "clinical/outcomes.html", monitoring_pages.outcomes_page(*_period(request)))


@reads(OUTCOME_READ.code)
def outcomes_csv(request: Request) -> HttpResponse:
    found = outcomes_of(*_period(request))
    head = ("measure", "title", "count", "of", "unit", "figure", "per", "first", "last", "therapy class", "meaning")
    rows = [
        (
            m.key,
            m.title,
            m.count,
            m.of,
            m.unit,
            "too few to tell" if m.figure is None else m.figure,
            m.per,
            found.first,
            found.last,
            found.therapy_class or "all",
            m.meaning,
        )
        for m in found.measures
    ]
    return text_table(f"outcomes-{found.first}-{found.last}", head, rows)


@reads(CARE_READ.code)
def care(request: Request, patient_id: UUID) -> HttpResponse:
    return show(request, "clinical/care.html", care_pages.care_page(patient_id, request.actor))


_ADD: dict[str, tuple[type[forms.Form], Callable[..., Any], str]] = {
    "goal": (f.GoalForm, clinical.write_goal, "goals"),
    "intervention": (f.InterventionForm, clinical.record_intervention, "interventions"),
    "education": (f.TeachingForm, clinical.record_teaching, "education"),
    "event": (f.EventForm, clinical.report_event, "events"),
}


@writes
def care_add(request: Request, patient_id: UUID, kind: str) -> HttpResponse:
    """Add an entry; which action that is follows from the address."""
    if kind == "test":
        clinical.add_monitoring(by=request.actor, **read(f.WatchForm, request))
        return then(request, f"/clinical/patients/{patient_id}/#tests", said="On the list.")
    if kind not in _ADD:
        raise NotFound(kind)
    form, action, place = _ADD[kind]
    action(patient_id=patient_id, by=request.actor, **_asked(read(form, request)))
    return then(request, f"/clinical/patients/{patient_id}/#{place}", said="Recorded.")


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    """A form's values as the action takes them: ids read, the kind of an event taken apart."""
    if "what" in said:
        family, _, kind = said.pop("what").partition(":")
        said |= {"family": family, "kind": kind}
    for name in ("therapy_id", "line_id"):
        if name in said:
            said[name] = _id(name, said[name])
    return said


def _id(name: str, given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Malformed(Fault(name, "is no id")) from None


def _review_goal(**said: Any) -> None:
    said.pop("step")
    clinical.review_goal(**said)


def _settle(**said: Any) -> None:
    said.pop("step")
    clinical.settle_intervention(**said)


@writes
def care_step(request: Request, kind: str, entry_id: UUID, step: str) -> HttpResponse:
    """One step of a goal, an intervention or an event; back to the patient's pages."""
    steps: dict[str, tuple[Callable[..., Any], type[forms.Form], str]] = {
        "goal": (_review_goal, f.GoalReviewForm, "goals") if step == "review" else (clinical.advance_goal, StepForm, "goals"),
        "intervention": (_settle, f.SettleForm, "interventions"),
        "event": (clinical.advance_event, f.JudgeForm if step == "review" else StepForm, "events"),
    }
    if kind not in steps or (kind == "intervention" and step != "settle"):
        raise NotFound(f"{kind} {step}")
    action, form, place = steps[kind]
    said = read(form, request)
    if kind == "event":
        said["reason"] = read(StepForm, request)["reason"]
    action(**{f"{kind}_id": entry_id}, step=step, by=request.actor, **said)
    return then(request, f"/clinical/patients/{_whose(kind, entry_id)}/#{place}", said="Done.")


def _whose(kind: str, entry_id: UUID) -> UUID:
    """The patient an entry belongs to."""
    found: dict[str, Callable[..., Any]] = {
        "goal": clinical.goals_where,
        "intervention": clinical.interventions_where,
        "event": clinical.events_where,
        "education": clinical.teaching_where,
        "call": clinical.calls_where,
    }
    for one in found[kind](pk=entry_id) if kind in found else ():
        patient_id: UUID = one.patient_id
        return patient_id
    raise NotFound(f"{kind} {entry_id}")


@writes
def care_error(request: Request, kind: str, entry_id: UUID) -> HttpResponse:
    patient_id = _whose(kind, entry_id)
    clinical.strike_entry(kind=kind, entry_id=entry_id, reason=read(StepForm, request)["reason"], by=request.actor)
    return then(request, "clinical:care", patient_id, said="Marked as entered in error.")


@reads(CARE_READ.code)
def calls(request: Request) -> HttpResponse:
    return show(request, "clinical/calls.html", care_pages.calls_page(request.GET.get("state", ""), request.actor))


@reads(CALL_LOG.code)
def call_new(request: Request) -> HttpResponse:
    return show(request, "clinical/call_new.html", care_pages.new_call_page(request.GET.get("q", ""), _patient(request)))


@writes
def call_log(request: Request) -> HttpResponse:
    said = _asked(read(f.CallForm, request))
    made = clinical.log_call(by=request.actor, **(said | {"minutes": said["minutes"] or 0}))
    return then(request, "clinical:call", made, said="The call is written down.")


@reads(CARE_READ.code)
def call(request: Request, call_id: UUID) -> HttpResponse:
    return show(request, "clinical/call.html", care_pages.call_page(call_id, request.actor))


@writes
def call_step(request: Request, call_id: UUID, step: str) -> HttpResponse:
    if step == "advise":
        clinical.advise(call_id=call_id, by=request.actor, **read(f.AdviceForm, request))
    else:
        said = read(StepForm, request)
        if clinical.call(call_id).holds and step in ("settle", "resolve"):
            said |= read(f.EndWithAdviceForm if step == "settle" else f.EndForm, request)
        clinical.advance_call(call_id=call_id, step=step, by=request.actor, **said)
    return then(request, "clinical:call", call_id, said="Done.")
