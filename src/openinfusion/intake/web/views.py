# SPDX-License-Identifier: Apache-2.0
"""Views of intake: each calls at most one action."""
from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from openinfusion.intake import public as intake
from openinfusion.intake import queries
from openinfusion.intake.domain.incoming import CoverageIn, OrderIn, PersonIn, ReferralIn, SexIn
from openinfusion.intake.permissions import READ, RECEIVE
from openinfusion.intake.web import forms as f
from openinfusion.intake.web import pages
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.money import Money
from openinfusion.platform.ui.forms import StepForm
from openinfusion.platform.web import Request, read, reads, show, text_table, then, writes


@reads(READ.code)
def board(request: Request) -> HttpResponse:
    return show(request, "intake/board.html", pages.board_page(request.GET.get("state", ""), request.GET.get("q", "")))


@reads(READ.code)
def table(request: Request) -> HttpResponse:
    """What the board shows, as CSV."""
    seen = queries.referral_facts(
        queries.board_rows(request.GET.get("state", ""), request.GET.get("q", ""), limit=5000)
    )
    head = ("referral", "state", "since", "patient", "mrn", "drug", "therapy", "source", "received", "start", "missing")
    return text_table("referrals", head, (
        (r.number, r.state, r.since.isoformat(), r.patient.name, r.patient.mrn, r.drug_text, r.therapy_class,
         r.source_name or r.source, r.received_at.isoformat(), r.start_on or "", "; ".join(r.missing))
        for r in seen
    ))


@reads(RECEIVE.code)
def new(request: Request) -> HttpResponse:
    return show(request, "intake/new.html", pages.NewPage(f.ReferralForm()))


@writes
def receive(request: Request) -> HttpResponse:
    said = read(f.ReferralForm, request)
    key = request.POST.get("_key") or str(new_id())
    id = intake.receive_referral(referral=_by_hand(said), fingerprint=f"form:{key}", by=request.actor)
    return then(request, "intake:referral", id, said="The referral is in.")


def _by_hand(said: dict[str, Any]) -> ReferralIn:
    person = PersonIn(
        family=said["family"],
        given=said["given"],
        born_on=said["born_on"],
        sex=SexIn(said["sex"]),
        phone=said["phone"],
        line1=said["line1"],
        city=said["city"],
        state=said["state"],
        zip=said["zip"],
    )
    order = OrderIn(
        drug_text=str(said["drug_text"]), text=str(said["drug_text"]), prescriber_name=str(said["prescriber_name"]),
        prescriber_npi=str(said["prescriber_npi"]),
    )
    payer = str(said["payer"])
    cover = CoverageIn(payer=payer, plan=payer, member_id=str(said["member_id"]))
    return ReferralIn(
        person=person, source="form", source_name=str(said["source_name"]), orders=(order,), note=str(said["note"]),
        coverages=(cover,) if payer else (), needed_by=said["needed_by"],
    )


@reads(READ.code)
def referral(request: Request, referral_id: UUID) -> HttpResponse:
    return show(request, "intake/referral.html", pages.referral_page(referral_id, request.actor))


@writes
def step(request: Request, referral_id: UUID, step: str) -> HttpResponse:
    intake.advance_referral(referral_id=referral_id, step=step, by=request.actor, **read(f.StepsForm, request))
    return then(request, "intake:referral", referral_id, said="Done.")


@writes
def order(request: Request, referral_id: UUID) -> HttpResponse:
    intake.complete_order(referral_id=referral_id, by=request.actor, **read(f.OrderForm, request))
    return then(request, "intake:referral", referral_id, said="The order is complete.")


@writes
def benefits(request: Request, referral_id: UUID) -> HttpResponse:
    said = read(f.BenefitsForm, request)
    cents: dict[str, Any] = {
        f"{k}_cents": _cents(said.pop(k)) for k in ("deductible", "deductible_met", "copay", "out_of_pocket_left")
    }
    intake.record_benefits(
        referral_id=referral_id, plan_id=UUID(said.pop("plan_id")), by=request.actor, **cents, **said,
    )
    return then(request, "intake:referral", referral_id, said="The benefits are recorded.")


@writes
def assistance(request: Request, referral_id: UUID) -> HttpResponse:
    said = read(f.AssistanceForm, request)
    said["amount_cents"] = _cents(said.pop("amount"))
    intake.record_assistance(referral_id=referral_id, by=request.actor, **said)
    return then(request, "intake:referral", referral_id, said="The programme is recorded.")


def _cents(dollars: Decimal | None) -> int | None:
    return None if dollars is None else Money.rounded(dollars).cents


@writes
def assessment(request: Request, referral_id: UUID) -> HttpResponse:
    intake.record_assessment(referral_id=referral_id, by=request.actor, **read(f.AssessmentForm, request))
    return then(request, "intake:referral", referral_id, said="The assessment is recorded.")


@writes
def authorization_open(request: Request, referral_id: UUID) -> HttpResponse:
    made = intake.open_authorization(referral_id=referral_id, by=request.actor, **read(f.AuthorizationForm, request))
    return then(request, "intake:authorization", made, said="The authorization is open.")


@writes
def item_receive(request: Request, referral_id: UUID, code: str) -> HttpResponse:
    note = read(f.NoteForm, request)["note"]
    intake.receive_item(referral_id=referral_id, code=code, note=note, by=request.actor)
    return then(request, "intake:referral", referral_id, said="The item is received.")


@writes
def item_take_back(request: Request, referral_id: UUID, code: str) -> HttpResponse:
    reason = read(StepForm, request)["reason"]
    intake.take_back_item(referral_id=referral_id, code=code, reason=reason, by=request.actor)
    return then(request, "intake:referral", referral_id, said="The item is taken back.")
