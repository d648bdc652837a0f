# SPDX-License-Identifier: Apache-2.0
"""An 835 under any name, number, day, separator and line end says the same, so it is known again; another amount is another."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from openinfusion.billing.actions.posting_batch import told_in
from openinfusion.exchange.actions.x12_receive import as_billing_reads
from openinfusion.exchange.domain.simulated.remittance import Answer, answer
from openinfusion.exchange.domain.x12.claim import AddressOut, ClaimOut, LineOut, PayerOut, PersonOut, ProviderOut
from openinfusion.exchange.domain.x12.fingerprint import fingerprint
from openinfusion.exchange.domain.x12.remittance_reader import remittances_in
from openinfusion.exchange.domain.x12.sets import transaction_sets
from openinfusion.exchange.domain.x12.tokens import interchanges_of

DAY = date(2026, 3, 1)
HOME = AddressOut("12 Juniper Lane", "Fictionville", "OH", "441011234")
PAYER = PayerOut("Imaginary Health Plan", "DEMO1", "CI")


def text_of(charge: Decimal) -> str:
    lines = (LineOut("OI1L1", "S9500", charge, Decimal(7), DAY, DAY), LineOut("OI1L2", "J0696", charge, Decimal(8), DAY, DAY))
    claim = ClaimOut(
        "OI1", charge * 2, "12", PersonOut("Sample", "Ada", date(1970, 1, 1), "F", HOME), "M1", PAYER,
        ProviderOut("Pharmacy", "1234567893", "", "123456789", "3336H0001X", HOME, "3305550100"), ("M86.9",), lines,
    )
    return answer([claim], Answer(PAYER, "999000001", "TRACE", DAY, 1, {"OI1L1": charge / 2, "OI1L2": charge}, {}))


def prints(text: str) -> tuple[list[str], list[str]]:
    """The fingerprint of each payment, and of each of its claims as it is kept."""
    sets = transaction_sets(interchanges_of(text.encode()))
    found = remittances_in(sets)
    return [fingerprint(s) for s in sets], [t.print for r in found for t in told_in(as_billing_reads(r), DAY)]


FORMS = st.tuples(
    st.integers(1, 999_999_999), st.sampled_from(["*", "|", "\x1d"]), st.sampled_from([":", ">", "<"]),
    st.sampled_from(["~", "~\n", "~\r\n", "\n"]), st.sampled_from(["EXAMPLEHOUSE", "OTHERHOUSE"]), st.integers(1, 9999),
)


@settings(max_examples=20)
@given(st.integers(1, 10**6), st.lists(FORMS, min_size=1, max_size=4))
def test_renamed_and_re_enveloped_it_is_known_again(cents: int, forms: list[tuple[int, str, str, str, str, int]]) -> None:
    text = text_of(Decimal(cents * 2) / 100)
    known = prints(text)
    for control, element, component, end, house, number in forms:
        head, *rest = text.split("~\n")
        isa = head.split("*")
        isa[6], isa[13] = house.ljust(15), f"{control:09d}"
        body = [x.replace("*0001", f"*{number:04d}") if x.startswith(("ST*", "SE*")) else x for x in rest]
        body = [f"IEA*1*{control:09d}" if x.startswith("IEA") else x for x in body]
        again = "~\n".join(["*".join(isa), *body]).replace(":", component).replace("*", element).replace("~\n", end)
        assert prints(again) == known
    assert prints(text_of(Decimal(cents * 2 + 2) / 100)) != known
