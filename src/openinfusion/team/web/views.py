# SPDX-License-Identifier: Apache-2.0
"""Views of the team."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from openinfusion.kernel.refusal import NotFound
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.team.actions.on_call import put_on_call, take_off_call
from openinfusion.team.actions.people import record_competency, record_credential
from openinfusion.team.permissions import READ
from openinfusion.team.web import on_call_page, pages
from openinfusion.team.web.forms import CompetencyForm, CredentialForm, OnCallForm


@reads(READ.code)
def people_list(request: Request) -> HttpResponse:
    return show(request, "team/people.html", pages.people_page(request.actor))


@reads(READ.code)
def person_page(request: Request, user_id: UUID) -> HttpResponse:
    return show(request, "team/person.html", pages.person_page(user_id, request.actor))


@writes
def competency_add(request: Request, user_id: UUID) -> HttpResponse:
    record_competency(user_id=user_id, by=request.actor, **read(CompetencyForm, request))
    return then(request, "team:person", user_id, said="The competency is recorded.")


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
