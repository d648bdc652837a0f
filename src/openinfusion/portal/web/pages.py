# SPDX-License-Identifier: Apache-2.0
"""What the templates for staff receive."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import Line
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.portal.domain.link import LINK, LinkFacts, LinkState
from openinfusion.portal.domain.request import REQUEST
from openinfusion.portal.permissions import GIVE
from openinfusion.portal.queries import LinkFact, RequestFact, done_by_patient, links_where, requests_where
from openinfusion.portal.web.forms import GiveForm

SHOWS = ("open", "late", "mine", "settled")


@dataclass(frozen=True, slots=True)
class RequestLine:
    row: RequestFact
    tone: str
    role: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class LinkLine:
    row: LinkFact
    tone: str
    state: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    show: str
    requests: tuple[RequestLine, ...]
    links: tuple[LinkLine, ...]


@dataclass(frozen=True, slots=True)
class PatientPage:
    patient: patients.PatientFact
    link: LinkLine | None
    acts: tuple[Act, ...]
    requests: tuple[RequestLine, ...]
    done: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class GivenPage:
    """The one moment at which link and code are readable."""

    patient: patients.PatientFact
    link_id: UUID
    address: str
    token: str
    code: str
    by_letter: bool


def board_page(show: str, by: Actor) -> BoardPage:
    """Requests as asked for (open ones, late ones, those of one's own roles, settled ones), and every link."""
    chosen = show if show in SHOWS else "open"
    return BoardPage(chosen, tuple(request_line(r, by) for r in shown_requests(chosen, by)), tuple(map(_link, links_where())))


def shown_requests(show: str, by: Actor) -> list[RequestFact]:
    if show == "settled":
        return requests_where(state="settled")
    found = requests_where(state__in=("open", "taken"))
    if show == "late":
        return [r for r in found if r.late]
    return [r for r in found if r.role in by.roles] if show == "mine" else found


def patient_page(patient_id: UUID, by: Actor) -> PatientPage:
    """One patient's link, requests, and what they did on their page."""
    found = links_where(patient_id=patient_id)
    live = next((x for x in found if x.state != LinkState.REVOKED), None)
    return PatientPage(
        patients.patient(patient_id), _link(found[0]) if found else None, _acts(patient_id, live, by),
        tuple(request_line(r, by) for r in requests_where(patient_id=patient_id)), tuple(done_by_patient(patient_id)),
    )  # fmt: skip


def _acts(patient_id: UUID, live: LinkFact | None, by: Actor) -> tuple[Act, ...]:
    if not by.may(GIVE.code):
        return ()
    if live is None:
        return (Act("give", "Give link and code", reverse("portal:give", args=[patient_id]), "pri", form=GiveForm()),)
    forms = {"renew": GiveForm()}
    url = {"renew": reverse("portal:renew", args=[live.id]), "revoke": reverse("portal:revoke", args=[live.id])}
    return acts_of(LINK, live.state, LinkFacts(), by, url_for=url.__getitem__, forms=forms, leave_out=frozenset({"lock"}))


def request_line(r: RequestFact, by: Actor) -> RequestLine:
    tone = "crit" if r.late or (r.signs and r.state != "settled") else REQUEST.tone(type(REQUEST.initial)(r.state))
    acts = acts_of(REQUEST, r.state, None, by, url_for=lambda step: reverse("portal:step", args=[r.id, step]))
    named = tuple(
        Act(f"{a.name}-{r.id.hex[-8:]}", a.label, a.url, a.tone, a.needs_reason, a.sign, a.reasons, a.form) for a in acts
    )
    return RequestLine(r, tone, Role(r.role).label, named)


def _link(x: LinkFact) -> LinkLine:
    if x.state == LinkState.OPEN and x.closed:
        return LinkLine(x, "warn", "expired")
    return LinkLine(x, LINK.tone(LinkState(x.state)), x.state)
