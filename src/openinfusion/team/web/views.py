# SPDX-License-Identifier: Apache-2.0
"""Views of the team."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from openinfusion.platform.web import Request, read, reads, show, then, writes
from openinfusion.team.actions import record_competency, record_credential
from openinfusion.team.permissions import READ
from openinfusion.team.web import pages
from openinfusion.team.web.forms import CompetencyForm, CredentialForm


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
