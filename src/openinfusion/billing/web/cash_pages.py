# SPDX-License-Identifier: Apache-2.0
"""Pages of denials, underpayments and deposits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from openinfusion.billing.domain.denial_work import DENIAL, DenialState
from openinfusion.billing.domain.underpayment import UNDERPAYMENT, ShortState
from openinfusion.billing.models import Denial
from openinfusion.billing.permissions import BANK, WORK
from openinfusion.billing.queries.appeal_packet import drafted_letter
from openinfusion.billing.queries.denials import (
    AppealFact,
    DenialFact,
    Recurrence,
    appeals_of,
    denial_facts,
    denial_of,
    denials_where,
    recurring,
    shorts_where,
)
from openinfusion.billing.queries.deposits import DepositFact, deposits_where, not_deposited, patients_not_deposited
from openinfusion.billing.web.cash_forms import DepositFileForm, DepositForm, ExplainForm, LetterForm, MatchForm, SentForm
from openinfusion.billing.web.sheet import Box, Cell, Filter, Line, Option, SheetPage, Table, money, on, row_acts, state
from openinfusion.kernel.money import Money
from openinfusion.patients.public import Banner, banner
from openinfusion.platform.action import fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import Line as JournalLine
from openinfusion.platform.journal import timeline
from openinfusion.platform.ui.parts import Act, acts_of

LOOK_BACK = timedelta(days=90)
SOON = timedelta(days=7)
_AUTOMATIC = frozenset({"answer", "correct", "write_off"})


@dataclass(frozen=True, slots=True)
class DenialRow:
    denial: DenialFact
    tone: str
    late: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class DenialsPage:
    """The queue of denials: by worth, filtered by kind of work, cause, payer, state or person."""

    rows: tuple[DenialRow, ...]
    classes: tuple[tuple[str, int, Money], ...]
    chosen: str
    everything: bool
    filters: tuple[Filter, ...]
    recurring: tuple[Recurrence, ...]
    at_stake: Money
    worth: Money
    query: str


@dataclass(frozen=True, slots=True)
class DenialWanted:
    """What the queue is filtered by."""

    action_class: str = ""
    everything: bool = False
    payer: str = ""
    cause: str = ""
    mine: str = ""
    order: str = ""

    def fits(self, d: DenialFact, by: Actor) -> bool:
        return (
            (not self.action_class or d.action_class == self.action_class)
            and (not self.payer or d.payer_name == self.payer)
            and (not self.cause or d.cause == self.cause)
            and (self.mine != "1" or d.worker_id == by.id)
        )


def _shown(everything: bool) -> list[bool]:
    return [True, False] if everything else [True]


def denial_rows(wanted: DenialWanted, by: Actor) -> list[DenialFact]:
    """The queue, the dearest hope first unless the deadline is asked for."""
    order = ("-is_open", "due_on", "id") if wanted.order == "due" else ("-is_open", "-worth_cents", "due_on", "id")
    found = denials_where(limit=5000, order=order, is_open__in=_shown(wanted.everything))
    return [d for d in found if wanted.fits(d, by)]


def denials_page(wanted: DenialWanted, by: Actor) -> DenialsPage:
    found = denials_where(limit=5000, is_open__in=_shown(wanted.everything))
    sums: dict[str, list[int]] = {}
    for d in found:
        one = sums.setdefault(d.action_class, [0, 0])
        one[0] += 1
        one[1] += d.cents
    rows, today = denial_rows(wanted, by), house_today()
    filters = (
        _choice("payer", "All payers", sorted({d.payer_name for d in found}), wanted.payer),
        _choice("cause", "All causes", sorted({d.cause for d in found if d.cause}), wanted.cause),
        Filter("mine", "Whose", (Option("", "Everybody's"), Option("1", "Mine", wanted.mine == "1"))),
        Filter("order", "Order", (Option("", "Worth most first"), Option("due", "Due first", wanted.order == "due"))),
        Filter("all", "Which", (Option("", "Open"), Option("1", "Closed too", wanted.everything))),
    )
    query = "&".join(
        f"{k}={v}"
        for k, v in (
            ("class", wanted.action_class),
            ("payer", wanted.payer),
            ("cause", wanted.cause),
            ("mine", wanted.mine),
            ("order", wanted.order),
            ("all", "1" if wanted.everything else ""),
        )
        if v
    )
    return DenialsPage(
        tuple(
            DenialRow(
                d, DENIAL.tone(DenialState(d.state)), d.is_open and d.due_on < today, d.is_open and d.due_on - SOON <= today
            )
            for d in rows
        ),
        tuple((k, n, Money(c)) for k, (n, c) in sorted(sums.items())),
        wanted.action_class,
        wanted.everything,
        filters,
        recurring(today - LOOK_BACK),
        Money(sum(d.cents for d in rows if d.is_open)),
        Money(sum(d.worth_cents for d in rows if d.is_open)),
        query,
    )


def _choice(name: str, everything: str, values: list[str], chosen: str) -> Filter:
    options = (Option("", everything), *(Option(v, v.replace("_", " "), v == chosen) for v in values))
    return Filter(name, everything, options)


@dataclass(frozen=True, slots=True)
class DenialPage:
    """One denial: what it means, what to do, the appeals, what happened."""

    denial: DenialFact
    tone: str
    late: bool
    banner: Banner
    acts: tuple[Act, ...]
    letter: LetterForm | None
    appeals: tuple[AppealFact, ...]
    lines: list[JournalLine]
    zone: str


def denial_page(denial_id: UUID, by: Actor) -> DenialPage:
    row, d = fetch(Denial, denial_id), denial_of(denial_id)
    appeals = tuple(appeals_of(denial_id))
    sent = {step: SentForm(auto_id=f"{step}-%s") for step in ("appeal", "appeal_again", "ask_outside")}
    acts = acts_of(
        DENIAL,
        d.state,
        denial_facts(row),
        by,
        leave_out=_AUTOMATIC,
        forms=sent,
        url_for=lambda step: reverse("billing:denial_step", args=[denial_id, step]),
    )
    head = banner(d.patient_id)
    prepares = d.state in {"working", "upheld"} and d.level < 3 and by.may(WORK.code)
    draft = next((a.letter for a in appeals if a.level == d.level + 1), "") or drafted_letter(row)
    return DenialPage(
        d,
        DENIAL.tone(DenialState(d.state)),
        d.is_open and d.due_on < house_today(),
        head,
        acts,
        LetterForm(initial={"letter": draft}) if prepares else None,
        appeals,
        timeline(subject_id=denial_id),
        head.patient.timezone,
    )


def underpayments_page(everything: bool, payer: str, by: Actor) -> SheetPage:
    """Lines paid below the contract."""
    found = shorts_where(state__in=[s.value for s in ShortState] if everything else ["found", "disputed"])
    payers = sorted({s.payer_name for s in found})
    shown = [s for s in found if not payer or s.payer_name == payer]
    lines = tuple(
        Line(
            (
                Cell(s.claim, reverse("billing:claim", args=[s.claim_id]), sub=s.line),
                Cell(s.payer_name),
                money(s.expected_cents),
                money(s.allowed_cents),
                money(s.cents),
                state(UNDERPAYMENT, s.state),
                Cell(s.trace or "payment", reverse("billing:remittance", args=[s.remittance_id])),
                on(s.found_on),
                Cell(s.outcome),
            ),
            row_acts(
                UNDERPAYMENT,
                s.state,
                None,
                by,
                id=s.id,
                url=f"/billing/underpayments/{s.id}/STEP/",
                leave_out=frozenset({"answer"}),
            ),
        )
        for s in shown
    )
    return SheetPage(
        "Underpayments",
        "underpayments",
        (
            Table(
                "Paid below the contract",
                ("Claim", "Payer", ">Contract", ">Allowed", ">Short", "State", "Payment", "Found", "Outcome"),
                lines,
                "Nothing was paid below its contract.",
            ),
        ),
        tallies=(("Open", str(Money(sum(s.cents for s in shown if s.state in {"found", "disputed"})))),),
        filters=(
            _choice("payer", "All payers", payers, payer),
            Filter("all", "Which", (Option("", "Open"), Option("1", "Closed too", everything))),
        ),
        links=(("CSV", reverse("billing:underpayments_table") + ("?all=1" if everything else "")),),
        lead="Found at posting: the contract's price against what the payer allowed, line by line.",
    )


def deposits_page(by: Actor) -> SheetPage:
    """The bank's deposits beside what payers and patients paid."""
    found, loose, paid = deposits_where(), not_deposited(), patients_not_deposited()
    keeps = by.may(BANK.code)
    lines = tuple(_deposit_line(d, keeps) for d in found)
    waiting = tuple(
        Line(
            (
                on(r.paid_on),
                Cell(r.payer_name),
                Cell(r.trace or "without trace", reverse("billing:remittance", args=[r.id])),
                money(r.cents),
            )
        )
        for r in loose
    ) + tuple(Line((on(p.on), Cell("patient"), Cell(p.text.removeprefix("patient, ")), money(p.cents))) for p in paid)
    boxes = (
        (
            Box("Enter a deposit", reverse("billing:deposit_add"), DepositForm()),
            Box("Import the bank's list", reverse("billing:deposit_import"), DepositFileForm(auto_id="import-%s"), "Import", "1"),
        )
        if keeps
        else ()
    )
    return SheetPage(
        "Deposits",
        "deposits",
        (
            Table(
                "Payments that no deposit has brought",
                ("Paid on", "By", "Trace or reference", ">Amount"),
                waiting,
                "Every payment has arrived.",
            ),
            Table(
                "Deposits",
                ("Received", "Kind", "Trace, from", ">Amount", ">Not matched", "Brought"),
                lines,
                "No deposit is entered.",
            ),
        ),
        tallies=(
            ("Not arrived", str(Money(sum(r.cents for r in loose) + sum(p.cents for p in paid)))),
            ("Not matched", str(Money(sum(d.left_cents for d in found if not d.explained)))),
        ),
        boxes=boxes,
        links=(("CSV", reverse("billing:deposits_table")),),
        lead="A trace number and an amount that name one payment match by themselves; everything else a person decides.",
    )


def _deposit_line(d: DepositFact, keeps: bool) -> Line:
    brought = ", ".join([*(r.trace or "without trace" for r in d.brought), *(p.text for p in d.patients)])
    said = f"explained: {d.explained}" if d.explained else ""
    box = None
    if keeps and not d.agrees:
        offers = [(str(r.id), f"{r.payer_name} {r.trace}, {Money(r.cents)}, {r.paid_on:%d-%b-%Y}") for r in d.offers]
        offers += [
            (f"patients {' '.join(map(str, p.ids))}", f"{p.text}, {Money(p.cents)}, {p.on:%d-%b-%Y}") for p in d.patient_offers
        ]
        box = (
            Box("Match", reverse("billing:deposit_match", args=[d.id]), MatchForm(offers=offers, auto_id=f"{d.id}-%s"), "Match")
            if offers
            else Box("Explain", reverse("billing:deposit_explain", args=[d.id]), ExplainForm(auto_id=f"{d.id}-%s"), "Explain")
        )
    return Line(
        (
            on(d.on),
            Cell(d.method),
            Cell(d.trace or "–", sub=d.sender),
            money(d.cents),
            Cell("agrees", tone="ok") if d.agrees else money(d.left_cents),
            Cell(brought or "–", sub=said),
        ),
        box=box,
    )
