# SPDX-License-Identifier: Apache-2.0
"""Views of the team."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes
from openinfusion.team.actions.competency import attest_garb, record_competency, record_remediation
from openinfusion.team.actions.on_call import put_on_call, take_off_call
from openinfusion.team.actions.people import record_credential
from openinfusion.team.domain.trial import Trial
from openinfusion.team.permissions import GARB, READ
from openinfusion.team.web import matrix_page, on_call_page, pages
from openinfusion.team.web.forms import CompetencyForm, CredentialForm, GarbForm, OnCallForm, RemediationForm


@reads(READ.code)
def people_list(request: Request) -> HttpResponse:
    return show(request, "team/people.html", pages.people_page(request.actor))


@reads(READ.code)
def person_page(request: Request, user_id: UUID) -> HttpResponse:
    return show(request, "team/person.html", pages.person_page(user_id, request.actor))


@writes
def competency_add(request: Request, user_id: UUID) -> HttpResponse:
    said = read(CompetencyForm, request)
    counted = Trial(said.pop("left_cfu"), said.pop("right_cfu"), said.pop("surface_cfu"), _yes_no(said.pop("growth")))
    record_competency(user_id=user_id, by=request.actor, trial=counted, **said)
    return then(request, "team:person", user_id, said="The competency is recorded.")


def _yes_no(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


@writes
def remediation_add(request: Request, user_id: UUID) -> HttpResponse:
    record_remediation(user_id=user_id, by=request.actor, **read(RemediationForm, request))
    return then(request, "team:person", user_id, said="The remediation is recorded.")


@reads(READ.code)
def matrix(request: Request) -> HttpResponse:
    """Who has passed what, and what is due when."""
    return show(request, "team/matrix.html", matrix_page.matrix_page())


@reads(READ.code)
def matrix_csv(request: Request) -> HttpResponse:
    head, rows = matrix_page.matrix_table()
    return text_table("competencies", head, rows)


@reads(GARB.code)
def garb(request: Request) -> HttpResponse:
    """What is put on before entering, and whether this person has attested it today."""
    return show(request, "team/garb.html", matrix_page.garb_page(request.actor, request.GET.get("hazardous") == "1"))


@writes
def garb_attest(request: Request) -> HttpResponse:
    said = read(GarbForm, request)
    if request.actor.site_id is None:
        raise NotFound("site")
    attest_garb(site_id=request.actor.site_id, hazardous=said["hazardous"], by=request.actor)
    return then(request, "team:garb", said="Attested for today.")


@writes
def credential_add(request: Request, user_id: UUID) -> HttpResponse:
    record_credential(user_id=user_id, by=request.actor, **read(CredentialForm, request))
    return then(request, "team:person", user_id, said="The credential is recorded.")


@reads(READ.code)
def on_call(request: Request) -> HttpResponse:
    """A week of the roster. An address that names no site or no day shows the person's own site and this week."""
    site, day = request.GET.get("site", ""), request.GET.get("day", "")
    try:
        wanted = (UUID(site) if site else None, date.fromisoformat(day) if day else None)
    except ValueError:
        raise NotFound(f"{site} {day}") from None
    return show(request, "team/on_call.html", on_call_page.week_page(*wanted, request.actor))


@writes
def on_call_put(request: Request) -> HttpResponse:
    said = read(OnCallForm, request)
    for name in ("starts_at", "ends_at"):
        said[name] = said[name].replace(tzinfo=None)  # what was typed: the site's own clock
    put_on_call(by=request.actor, **said)
    back = f"/team/on-call/?site={said['site_id']}&day={said['starts_at']:%Y-%m-%d}"
    return then(request, back, said="On call.")


@writes
def on_call_off(request: Request, shift_id: UUID) -> HttpResponse:
    take_off_call(shift_id=shift_id, by=request.actor, **read(StepForm, request))
    return then(request, "team:on_call", said="Taken off.")
