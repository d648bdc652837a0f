# SPDX-License-Identifier: Apache-2.0
"""A simulated processor of the pharmacy benefit: each message of a file is answered, most paid, some rejected or captured."""
from __future__ import annotations

from decimal import Decimal

from openinfusion.exchange.domain.ncpdp.claim import rx_reference
from openinfusion.exchange.domain.ncpdp.layout import layout_of
from openinfusion.exchange.domain.ncpdp.message import Message, Segment, header_for, read_message, write_message
from openinfusion.exchange.domain.ncpdp.overpunch import read_amount, write_amount
from openinfusion.exchange.domain.simulated.temper import Temper

ALLOWED = Decimal("0.70")
CENT = Decimal("0.01")


def processed(text: str, temper: Temper) -> str:
    """The answers to a file of bills and reversals, one message a line; Malformed where a message cannot be read."""
    asked = [read_message(line) for line in text.split("\n") if line]
    return "\n".join(write_message(_answer(m, temper)) for m in asked) + "\n"


def _answer(m: Message, temper: Temper) -> Message:
    layout = layout_of(m.version)
    header = header_for(
        layout, True, a2=m.version, a3=m.code, a9=m.header_field("109-A9"), f1="A", b2=m.header_field("202-B2"),
        b1=m.header_field("201-B1").strip(), d1=m.header_field("401-D1"),
    )
    return Message(True, header, (), tuple(_group(m, group, temper) for group in m.groups))


def _group(m: Message, group: tuple[Segment, ...], temper: Temper) -> tuple[Segment, ...]:
    rx = next(s.first("D2") for s in group if s.id == "07")
    number = f"AUTH{rx_reference(rx)[-8:]}"
    claim = Segment((("AM", "22"), ("EM", "1"), ("D2", rx)))
    if temper.happens(f"{rx}|{m.code}", "rejected by processor", temper.claims_rejected_by_payer):
        return (Segment((("AM", "21"), ("AN", "R"), ("FA", "1"), ("FB", "75"), ("FQ", "CALL THE PLAN"))), claim)
    if m.code == "B2":
        return (Segment((("AM", "21"), ("AN", "A"), ("F3", number))), claim)
    due = next((read_amount(s.first("DU")) for s in group if s.id == "11"), Decimal(0))
    allowed = (due * ALLOWED).quantize(CENT)
    share = min(allowed, Decimal(10))
    pricing = Segment((
        ("AM", "23"), ("F5", write_amount(share)), ("F6", write_amount(allowed)), ("F7", write_amount(Decimal(0))),
        ("F9", write_amount(allowed - share)),
    ))
    return (Segment((("AM", "21"), ("AN", "P"), ("F3", number))), claim, pricing)
