# SPDX-License-Identifier: Apache-2.0
"""A claim gathered for the scrub, everything that is against it, and where each finding is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from openinfusion.billing.domain.claim import VOID, ClaimState
from openinfusion.billing.domain.holds import ClaimToCheck, LineToCheck, hold_reasons
from openinfusion.billing.domain.scrub.finding import Finding, Level, Place
from openinfusion.billing.domain.scrub.scrub import held, ruled, scrubbed
from openinfusion.billing.domain.scrub.subject import Earlier, Party, ScrubClaim, ScrubLine
from openinfusion.billing.models import Claim, ClaimLine
from openinfusion.billing.queries.secondary import earlier_answer
from openinfusion.billing.queries.terms import Ground, Terms, diagnoses_of_orders, ground_of, prescriber_of_orders
from openinfusion.catalog.public import hcpcs
from openinfusion.intake.public import referral_of
from openinfusion.kernel.refusal import NotFound
from openinfusion.payers.public import HOME, SUITE, Billed, BilledLine, RuleKind, rule_findings
from openinfusion.platform.house_day import house_today
from openinfusion.sites.public import PharmacyFact, pharmacy
from openinfusion.therapy.public import TherapyFact, plan_of_treatment

LOOK_BACK = timedelta(days=400)  # frequency rules look at most a year back


def findings_of(claim: Claim, lines: Sequence[ClaimLine], ground: Ground | None = None) -> tuple[Finding, ...]:
    """Everything against this claim now, by level; a void is only asked what a void needs."""
    g = ground or ground_of(claim.therapy_id, claim.first_on or house_today(), claim.rank)
    seen = _seen(claim, lines, g)
    if claim.frequency == VOID:
        return tuple(f for f in scrubbed(seen) if f.level <= Level.BALANCE or f.code == "no-payer-control")
    own = (*held(hold_reasons(_to_hold(claim, lines, g))), *scrubbed(seen))
    return tuple(sorted((*own, *_of_payer(claim, lines, g, own)), key=lambda f: (f.level, f.line)))


def hard(found: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(f for f in found if f.is_hard)


def _to_hold(claim: Claim, lines: Sequence[ClaimLine], g: Ground) -> ClaimToCheck:
    terms = g.terms
    return ClaimToCheck(
        has_coverage=terms.coverage is not None,
        member_id=claim.member_id,
        diagnoses=diagnoses_of_orders(g.course, g.orders),
        plan_signed=plan_of_treatment(g.course.id).signed,
        prescriber_npi=prescriber_of_orders(g.course, g.orders).npi,
        address_complete=g.person.address.whole,
        lines=tuple(_line_to_hold(row, g.course, terms) for row in lines),
        today=house_today(),
        timely_until=claim.timely_until,
        bills_in_arrears=terms.contract is not None and terms.contract.bill_when == "arrears",
    )


def _line_to_hold(row: ClaimLine, course: TherapyFact, terms: Terms) -> LineToCheck:
    needed = terms.needs_authorization(course.therapy_class, row.code)
    covered = terms.authorization(row.code, row.first_on, row.last_on) is not None if needed else None
    return LineToCheck(
        row.code,
        row.first_on,
        row.last_on,
        row.units,
        row.charge_cents,
        row.has_rate,
        covered,
        needs_ndc=row.kind == "drug",
        ndc=row.ndc,
    )


def place_of(site: PharmacyFact) -> str:
    """The place of service: the suite where the site is one, else the patient's home."""
    return SUITE if site.kind == "suite" else HOME


def _seen(claim: Claim, lines: Sequence[ClaimLine], g: Ground) -> ScrubClaim:
    site, plan, who = pharmacy(claim.site_id), g.terms.plan, g.person
    ordered = prescriber_of_orders(g.course, g.orders)
    return ScrubClaim(
        control=claim.control,
        charge_cents=claim.charge_cents,
        lines=tuple(_line(row) for row in lines),
        today=house_today(),
        member_id=claim.member_id,
        payer_id=plan.payer_id if plan else "",
        payer_type=plan.payer_type if plan else "",
        filing=plan.filing_indicator if plan else "",
        rank=claim.rank,
        frequency=claim.frequency,
        payer_control=claim.payer_control,
        form=claim.form,
        place=place_of(site),
        diagnoses=diagnoses_of_orders(g.course, g.orders),
        family=who.family,
        given=who.given,
        born_on=who.born_on,
        billing=Party(site.legal_name, site.npi, site.tax_id, site.taxonomy, site.street, site.state_code, site.zip_code),
        prescriber=Party(ordered.name, ordered.npi),
        suite_modifier=g.terms.contract.suite_modifier if g.terms.contract else "",
        program_modifier=g.terms.contract.program_modifier if g.terms.contract else "",
        earlier=_earlier(claim),
    )


def _earlier(claim: Claim) -> Earlier | None:
    if claim.primary_id is None:
        return None
    said = earlier_answer(claim.primary_id)
    return Earlier(said.paid_cents, said.adjusted_cents, said.patient_cents) if said is not None else None


def _line(row: ClaimLine) -> ScrubLine:
    group, listed, holds = _code(row.code, row.first_on, row.last_on)
    return ScrubLine(
        row.number,
        row.control,
        row.kind,
        row.code,
        tuple(row.modifiers),
        row.units,
        row.charge_cents,
        row.first_on,
        row.last_on,
        row.description,
        row.ndc,
        row.ndc_amount,
        row.ndc_unit,
        row.rx_number,
        row.single_dose,
        group if row.kind == "per_diem" else "",
        listed,
        holds,
        row.package_units,
        row.place,
        row.under_program,
    )


def _code(code: str, first: date, last: date) -> tuple[str, bool, bool]:
    """Its exclusivity group, whether it is listed, and whether it holds on both days."""
    try:
        known = hcpcs(code)
    except NotFound:
        return code, False, True
    try:
        holds = all(hcpcs(code, day).code == code for day in (first, last))
    except NotFound:
        holds = False
    return known.exclusive_group or code, True, holds


def _of_payer(claim: Claim, lines: Sequence[ClaimLine], g: Ground, known: Sequence[Finding]) -> tuple[Finding, ...]:
    """What the plan's rules say (level 7); nothing where no plan or no line is there to be judged."""
    plan, terms = g.terms.plan, g.terms
    if plan is None or not lines or claim.first_on is None or claim.rank != "P":
        return ()
    place = place_of(pharmacy(claim.site_id))
    billed = Billed(
        g.course.therapy_class,
        tuple(_billed(row, place, g.course, terms) for row in lines),
        tuple(_billed(row, place, g.course, terms) for row in _before(claim)),
    )
    found = rule_findings(plan.id, billed, claim.first_on)
    if any(f.kind == RuleKind.DOCUMENT for f in found):  # only now is it worth looking what is on file
        papers = rule_findings(plan.id, replace(billed, documents=_papers(g.course)), claim.first_on, [RuleKind.DOCUMENT])
        found = tuple(f for f in (*found, *papers) if f.kind != RuleKind.DOCUMENT or f in papers)
    said = dict.fromkeys((f.kind, f.code, f.text) for f in found)
    return ruled(said, known, {row.code: row.number for row in reversed(lines)})


def _before(claim: Claim) -> list[ClaimLine]:
    """Lines billed for the same patient on other claims that are not void, in the last year or so."""
    assert claim.first_on is not None
    gone = [ClaimState.VOIDED.value]
    return list(
        ClaimLine.objects.filter(
            claim__patient_id=claim.patient_id,
            claim__rank="P",
            last_on__gte=claim.first_on - LOOK_BACK,
            claim__made_at__lt=claim.made_at,
        )
        .exclude(claim_id=claim.id)
        .exclude(claim__state__in=gone)
        .order_by("first_on")
    )


def _billed(row: ClaimLine, place: str, course: TherapyFact, terms: Terms) -> BilledLine:
    a = terms.authorization(row.code, row.first_on, row.last_on)
    months = row.evidence.partition("month ")[2][:2].strip() if row.kind == "rental" else ""
    return BilledLine(
        row.code,
        Decimal(row.units),
        row.first_on,
        row.last_on,
        tuple(row.modifiers),
        row.place or place,
        row.ndc,
        row.description or row.evidence,
        row.single_dose and row.kind == "drug",
        a.units.get(row.code, 0) if a is not None else None,
        days_supply=(row.last_on - row.first_on).days + 1 if row.kind == "drug" and row.last_on > row.first_on else None,
        by_pump=row.kind == "rental",
        rental_month=int(months) if months.isdecimal() else None,
    )


def _papers(course: TherapyFact) -> frozenset[str]:
    """What intake has on file for the referral the therapy began with."""
    found = referral_of(course.id)
    return frozenset(i.code for i in found.items if i.there) if found is not None else frozenset()


def mended_at(f: Finding, claim: Claim, terms_contract_id: object = None) -> str:
    """The page on which a finding is mended."""
    return {
        Place.LINE: f"/billing/claims/{claim.id}/#line-{f.line}",
        Place.CLAIM: f"/billing/claims/{claim.id}/",
        Place.WAIT: f"/billing/claims/{claim.id}/",
        Place.SOURCE: f"/billing/claims/{claim.id}/",
        Place.PATIENT: f"/patients/{claim.patient_id}/",
        Place.COVERAGE: f"/patients/{claim.patient_id}/",
        Place.THERAPY: f"/therapy/{claim.therapy_id}/",
        Place.PLAN: f"/therapy/{claim.therapy_id}/",
        Place.CONTRACT: f"/payers/contracts/{terms_contract_id}/" if terms_contract_id else "/payers/",
        Place.PAYER: "/payers/",
        Place.AUTHORIZATION: "/intake/authorizations/",
        Place.SITE: f"/sites/{claim.site_id}/",
    }[f.place]
