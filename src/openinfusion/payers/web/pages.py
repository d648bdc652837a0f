# SPDX-License-Identifier: Apache-2.0
"""What the pages of payers and their contracts receive."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from openinfusion.payers import queries
from openinfusion.payers.adapters import rules_on_file
from openinfusion.payers.domain.contract import ContractFact, PayerFact, PayerRules, PayerType, PlanFact
from openinfusion.payers.domain.contract_draft import CONTRACT_DRAFT, ContractDraftState
from openinfusion.payers.domain.contract_text import TITLES, Change, ContractText, difference, lines_of
from openinfusion.payers.domain.rate import RateTerm
from openinfusion.payers.domain.rule import Rule
from openinfusion.payers.permissions import DRAFT, ENTER
from openinfusion.payers.queries import DraftFact
from openinfusion.payers.web import forms as f
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line, timeline
from openinfusion.platform.ui.parts import Act, acts_of

ENDS_SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class PayerRow:
    """A payer on the list: its plans, and how its contracts stand today."""

    payer: PayerFact
    plans: tuple[PlanFact, ...]
    word: str
    tone: str
    drafts: int


@dataclass(frozen=True, slots=True)
class ListPage:
    text: str
    type: str
    types: tuple[str, ...]
    rows: tuple[PayerRow, ...]
    acts: tuple[Act, ...]


def list_page(text: str, type: str, by: Actor) -> ListPage:
    today, plans, open_drafts = house_today(), queries.all_plans(), queries.drafts()
    rows = []
    for p in queries.all_payers(text.strip()):
        if type in set(PayerType) and p.type != type:
            continue
        word, tone = _standing(queries.contracts_of(p.id), today)
        mine = tuple(plan for plan in plans if plan.payer_key == p.id)
        rows.append(PayerRow(p, mine, word, tone, sum(d.payer_id == p.id for d in open_drafts)))
    acts = (Act("payer", "Enter a payer", reverse("payers:enter"), form=f.PayerForm(auto_id="payer_%s")),)
    return ListPage(text, type, tuple(PayerType), tuple(rows), acts if by.may(ENTER.code) else ())


def _standing(contracts: list[ContractFact], today: date) -> tuple[str, str]:
    held = [c for c in contracts if _word(c, contracts, today) == "in force"]
    if not held:
        return "no contract", "crit"
    ends = min((c.last for c in held if c.last), default=None)
    if ends is not None and ends <= today + timedelta(days=ENDS_SOON_DAYS):
        return f"ends {ends:%d-%b-%Y}", "warn"
    if any(c.source.standing == "unverified" for c in held):
        return "unverified", "warn"
    return "in force", "ok"


def _word(c: ContractFact, all_of_them: list[ContractFact], today: date) -> str:
    """How a version stands on a day."""
    if c.first > today:
        return "to come"
    newest = max((x.first for x in all_of_them if x.agreement == c.agreement and x.first <= today), default=c.first)
    if c.first < newest:
        return "replaced"
    return "ended" if c.last is not None and c.last < today else "in force"


_TONES = {"in force": "ok", "to come": "info", "replaced": "idle", "ended": "crit"}


@dataclass(frozen=True, slots=True)
class VersionRow:
    contract: ContractFact
    word: str
    tone: str
    plan: str
    is_shown: bool = False


def _versions(rows: list[ContractFact], plans: dict[UUID, str], shown: UUID | None = None) -> tuple[VersionRow, ...]:
    today = house_today()
    return tuple(
        VersionRow(c, w := _word(c, rows, today), _TONES[w], plans.get(c.plan_key, "") if c.plan_key else "", c.id == shown)
        for c in rows
    )


@dataclass(frozen=True, slots=True)
class PayerPage:
    payer: PayerFact
    plans: tuple[PlanFact, ...]
    rules: PayerRules
    versions: tuple[VersionRow, ...]
    drafts: tuple[DraftFact, ...]
    on_file: tuple[Rule, ...]
    acts: tuple[Act, ...]
    may_draft: bool


def payer_page(payer_id: UUID, by: Actor) -> PayerPage:
    row, plans = queries.payer_by_id(payer_id), queries.all_plans(payer_id)
    today = house_today()
    asked = queries.rules_of_plan(plans[0].id, today) if plans else queries.rules_of(row)
    acts = (Act("plan", "Enter a plan", reverse("payers:enter_plan", args=[payer_id]), form=f.PlanForm(auto_id="plan_%s")),)
    drafts = tuple(queries.drafts(payer_id=payer_id, states=[s.value for s in ContractDraftState if s != "approved"]))
    return PayerPage(
        queries.payer_fact(row), tuple(plans), asked,
        _versions(queries.contracts_of(payer_id), {p.id: p.name for p in plans}), drafts,
        tuple(r for r in rules_on_file().get(row.type, ()) if r.holds_on(today)),
        acts if by.may(ENTER.code) else (), by.may(DRAFT.code),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a version in words."""

    title: str
    lines: tuple[str, ...]


def _parts(text: ContractText) -> tuple[Part, ...]:
    lines = lines_of(text)
    return tuple(Part(TITLES[name], tuple(lines[name].values())) for name in ("terms", "rules"))


@dataclass(frozen=True, slots=True)
class ContractPage:
    payer: PayerFact
    contract: ContractFact
    version: VersionRow
    parts: tuple[Part, ...]
    rates: tuple[RateTerm, ...]
    count: int
    text: str
    versions: tuple[VersionRow, ...]
    before: ContractFact | None
    changes: tuple[Change, ...]
    drafts: tuple[DraftFact, ...]
    begin: Act | None


def contract_page(contract_id: UUID, text: str, by: Actor) -> ContractPage:
    """A version with what it changed against the one before; ``text`` narrows its rates."""
    contract = queries.contract_by_id(contract_id)
    said = queries.text_of_version(contract)
    all_of_them = queries.versions_of(contract.agreement) if contract.agreement else [contract]
    before = next((c for c in all_of_them if c.first < contract.first), None)
    plans = {p.id: p.name for p in queries.all_plans(contract.payer_key)}
    versions = _versions(all_of_them, plans, contract_id)
    drafts = tuple(queries.drafts(agreement=contract.agreement))
    sought = text.strip().upper()
    begin = None
    if by.may(DRAFT.code) and not drafts:
        form = f.BeginForm(initial={"first": house_today() + timedelta(days=1), "copy_of": contract.id}, auto_id="begin_%s")
        begin = Act("begin", "Draft a new version", reverse("payers:begin", args=[contract.payer_key]), form=form)
    return ContractPage(
        queries.payer_fact(queries.payer_by_id(contract.payer_key)), contract, next(v for v in versions if v.is_shown),
        _parts(said), tuple(r for r in said.rates if not sought or r.pattern.startswith(sought) or r.fits(sought)),
        len(said.rates), text.strip(), versions, before,
        difference(queries.text_of_version(before), said) if before else (), drafts, begin,
    )


@dataclass(frozen=True, slots=True)
class DraftPage:
    draft: DraftFact
    tone: str
    base: ContractFact | None
    changes: tuple[Change, ...]
    acts: tuple[Act, ...]
    may_edit: bool
    lines: tuple[Line, ...]


def draft_page(draft_id: UUID, by: Actor) -> DraftPage:
    draft = queries.draft(draft_id)
    state, facts = ContractDraftState(draft.state), queries.draft_facts(draft, by)
    acts = acts_of(CONTRACT_DRAFT, state, facts, by, url_for=lambda step: reverse("payers:draft_step", args=[draft_id, step]))
    shown = []
    for act in acts:
        form = f.DraftStepForm(initial={"version": draft.version}, auto_id=f"{act.name}-%s")
        del form.fields["reason"]
        shown.append(replace(act, form=form))
    return DraftPage(
        draft, CONTRACT_DRAFT.tone(state), queries.base_of(draft), queries.changes_of(draft), tuple(shown),
        state is ContractDraftState.DRAFT and facts.drafted_by_actor, tuple(timeline(subject_id=draft_id)),
    )


@dataclass(frozen=True, slots=True)
class EditPage:
    title: str
    back: str
    action: str
    form: f.ContractForm


def edit_page(draft_id: UUID) -> EditPage:
    d = queries.draft(draft_id)
    form = f.contract_form(d.text, first=d.first, last=d.last, source=d.source, why=d.why, version=d.version)
    return EditPage(
        d.text.name, reverse("payers:draft", args=[draft_id]), reverse("payers:draft_change", args=[draft_id]), form,
    )


def new_page(payer_id: UUID) -> EditPage:
    payer = queries.payer_by_id(payer_id)
    form = f.ContractForm(initial={**f.FRESH, "first": house_today(), "name": f"{payer.name} agreement"}, payer_id=payer_id)
    return EditPage(
        f"A contract with {payer.name}", reverse("payers:payer", args=[payer_id]),
        reverse("payers:contract_new", args=[payer_id]), form,
    )
