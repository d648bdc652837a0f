# SPDX-License-Identifier: Apache-2.0
"""One claim's loops 2300 to 2430 as segments, in the order the guides give them."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from openinfusion.exchange.domain.x12.claim import (
    AddressOut,
    AdjudicationOut,
    AdjustmentOut,
    AttachmentOut,
    ClaimOut,
    InstitutionalOut,
    LineOut,
    OtherPayerOut,
    ProviderOut,
)
from openinfusion.exchange.domain.x12.writing import clean, day, digits, number, segment, span

_AFTER_AUTHORIZATION = frozenset({"X4", "9A", "9C", "LX", "D9", "P4", "1J"})
TRIPLES = 6
_FIRST = (1,)


def claim_segments(c: ClaimOut) -> list[str]:
    """CLM and all below it."""
    out = [_head(c)]
    out += [f"DTP*{qualifier}*D8*{day(on)}" for qualifier, on in c.dates]
    if c.institutional is not None:
        out += _stay(c.institutional)
    out += [_attachment(one) for one in c.attachments]
    if c.patient_paid is not None:
        out.append(f"AMT*F5*{number(c.patient_paid)}")
    out += _references(c)
    if c.fixed_text:
        out.append(f"K3*{clean(c.fixed_text, 80)}")
    if c.note:
        out.append(f"NTE*ADD*{clean(c.note, 80)}")
    out += _codes(c)
    out += _providers(c)
    for other in c.others:
        out += _other_payer(other)
    for n, line in enumerate(c.lines, 1):
        _line(c, line, n, out)
    return out


def named(qualifier: str, who: ProviderOut) -> str:
    """NM1 of a provider by its NPI."""
    kind = "1" if who.given else "2"
    return f"NM1*{qualifier}*{kind}*{clean(who.name, 60)}*{clean(who.given, 35)}****XX*{who.npi}"


def address(where: AddressOut | None) -> Iterator[str]:
    """N3 and N4."""
    if where is not None:
        yield f"N3*{clean(where.line, 55)}"
        yield f"N4*{clean(where.city, 30)}*{clean(where.state, 2)}*{digits(where.postal_code)}"


def _head(c: ClaimOut) -> str:
    if c.institutional is None:
        return f"CLM*{c.patient_control}*{number(c.charge)}***{c.place_of_service}:B:{c.frequency}*Y*A*Y*Y"
    return f"CLM*{c.patient_control}*{number(c.charge)}***{c.institutional.bill_type}:A:{c.frequency}**A*Y*Y"


def _stay(i: InstitutionalOut) -> Iterator[str]:
    yield f"DTP*434*RD8*{day(i.first_on)}-{day(i.last_on)}"
    yield segment("CL1", i.admission_type, i.admission_source, i.patient_status)


def _attachment(one: AttachmentOut) -> str:
    return f"PWK*{one.kind}*{one.way}***AC*{clean(one.control, 50)}"


def _references(c: ClaimOut) -> Iterator[str]:
    for qualifier, text in c.references:
        if qualifier not in _AFTER_AUTHORIZATION:
            yield f"REF*{qualifier}*{clean(text, 50)}"
    if c.authorization:
        yield f"REF*G1*{clean(c.authorization, 50)}"
    if c.payer_control and c.frequency in {"7", "8"}:
        yield f"REF*F8*{clean(c.payer_control, 50)}"
    for qualifier, text in c.references:
        if qualifier in _AFTER_AUTHORIZATION:
            yield f"REF*{qualifier}*{clean(text, 50)}"
    if c.record_number:
        yield f"REF*EA*{clean(c.record_number, 50)}"


def _codes(c: ClaimOut) -> Iterator[str]:
    codes = [code.replace(".", "") for code in c.diagnoses]
    if c.institutional is None:
        yield "*".join(["HI", f"ABK:{codes[0]}", *(f"ABF:{code}" for code in codes[1:])])
        return
    i = c.institutional
    yield f"HI*ABK:{codes[0]}"
    if i.admitting_diagnosis:
        yield f"HI*ABJ:{i.admitting_diagnosis.replace('.', '')}"
    rows: list[list[str]] = [
        [f"ABF:{code}" for code in codes[1:]],
        [f"BI:{code}:RD8:{day(a)}-{day(b)}" for code, a, b in i.occurrence_spans],
        [f"BH:{code}:D8:{day(on)}" for code, on in i.occurrences],
        [f"BE:{code}:::{number(amount)}" for code, amount in i.value_codes],
        [f"BG:{code}" for code in i.conditions],
    ]
    for row in rows:
        for at in range(0, len(row), 12):
            yield "*".join(["HI", *row[at:at + 12]])


def _providers(c: ClaimOut) -> Iterator[str]:
    if c.institutional is not None and c.institutional.attending is not None:
        yield named("71", c.institutional.attending)
    pairs = (("DN", c.referring), ("82", c.rendering), ("77", c.facility), ("DQ", c.supervising))
    if c.institutional is not None:
        pairs = (("82", c.rendering), ("77", c.facility), ("DN", c.referring), ("", None))
    for qualifier, who in pairs:
        if who is not None:
            yield named(qualifier, who)
            if qualifier == "77":
                yield from address(who.address)


def adjustments(found: Iterable[AdjustmentOut]) -> Iterator[str]:
    """CAS by group, six reasons to a segment."""
    groups: dict[str, list[AdjustmentOut]] = {}
    for a in found:
        groups.setdefault(a.group, []).append(a)
    for group, mine in groups.items():
        for at in range(0, len(mine), TRIPLES):
            triples = ((a.reason, number(a.amount), number(a.quantity) if a.quantity else "") for a in mine[at:at + TRIPLES])
            yield segment("CAS", group, *(part for triple in triples for part in triple))


def _other_payer(o: OtherPayerOut) -> Iterator[str]:
    yield segment("SBR", o.rank, o.relation, clean(o.group_number, 50), "", o.insurance_type, "", "", "", o.payer.filing)
    yield from adjustments(o.adjustments)
    for qualifier, amount in (("D", o.paid), ("A8", o.not_covered), ("EAF", o.patient_owes)):
        if amount is not None:
            yield f"AMT*{qualifier}*{number(amount)}"
    yield "OI***Y***Y"
    yield f"NM1*IL*1*{clean(o.family, 60)}*{clean(o.given, 35)}****MI*{clean(o.member_id, 80)}"
    yield f"NM1*PR*2*{clean(o.payer.name, 60)}*****PI*{clean(o.payer.id, 80)}"
    if o.paid_on is not None:
        yield f"DTP*573*D8*{day(o.paid_on)}"
    if o.control:
        yield f"REF*F8*{clean(o.control, 50)}"


def _line(c: ClaimOut, line: LineOut, n: int, out: list[str]) -> None:
    """Loop 2400, added to what is there: a file has as many as a hundred thousand of them."""
    professional = c.institutional is None
    out.append(f"LX*{n}")
    _service(line, professional, out)
    if line.attachments:
        out += [_attachment(one) for one in line.attachments]
    out.append(f"DTP*472*{span(line.first_on, line.last_on)}")
    if line.rx_on is not None and professional:
        out.append(f"DTP*471*D8*{day(line.rx_on)}")
    if line.authorization and professional:
        out.append(f"REF*G1*{clean(line.authorization, 50)}")
    out.append(f"REF*6R*{line.control}")
    if line.note:
        out.append(f"NTE*{'ADD' if professional else 'TPO'}*{clean(line.note, 80)}")
    if line.ndc:
        _drug(line, out)
    if line.ordering is not None and professional:
        out.append(named("DK", line.ordering))
        out += address(line.ordering.address)
    for a in line.adjudications:
        out += _adjudication(a, line)


def _service(line: LineOut, professional: bool, out: list[str]) -> None:
    procedure = _procedure(line.code, line.modifiers, clean(line.description, 80) if line.description else "")
    if not professional:
        out.append(f"SV2*{line.revenue}*{procedure}*{number(line.charge)}*UN*{number(line.units)}")
        return
    pointers = "1" if line.pointers == _FIRST else ":".join([str(p) for p in line.pointers])
    out.append(f"SV1*{procedure}*{number(line.charge)}*UN*{number(line.units)}*{line.place_of_service}**{pointers}")
    if line.rental is not None:
        r = line.rental
        prices = f"{number(r.rental_price)}*{number(r.purchase_price)}"
        out.append(f"SV5*HC:{clean(r.code, 5)}*DA*{number(r.days)}*{prices}*{r.frequency}")


def _procedure(code: str, modifiers: tuple[str, ...], description: str = "") -> str:
    if not modifiers and not description:
        return f"HC:{code}"
    if not description:
        return ":".join(("HC", code, *modifiers))
    return ":".join(("HC", code, *modifiers, *[""] * (4 - len(modifiers)), description))


def _drug(line: LineOut, out: list[str]) -> None:
    out.append(f"LIN**N4*{line.ndc}")
    out.append(f"CTP****{number(line.ndc_quantity)}*{line.ndc_unit}")
    if line.rx_number:
        out.append(f"REF*XZ*{clean(line.rx_number, 50)}")
    elif line.link:
        out.append(f"REF*VY*{clean(line.link, 50)}")


def _adjudication(a: AdjudicationOut, line: LineOut) -> Iterator[str]:
    procedure = _procedure(a.code, a.modifiers)
    yield segment("SVD", clean(a.payer_id, 80), number(a.paid), procedure, line.revenue, number(a.units))
    yield from adjustments(a.adjustments)
    yield f"DTP*573*D8*{day(a.paid_on)}"
    if a.patient_owes is not None:
        yield f"AMT*EAF*{number(a.patient_owes)}"
