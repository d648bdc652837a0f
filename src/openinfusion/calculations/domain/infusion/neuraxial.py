# SPDX-License-Identifier: Apache-2.0
"""What may go to the spine, to a newborn, and what never: hard stops, with every reason at once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Step, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import Row, published, row, table
from openinfusion.calculations.domain.inputs import amount, choice, rows, text, yes_no
from openinfusion.kernel.refusal import Reason, Refused

_NAME: Final = text("component", r"[\w .,/%+()-]{1,60}", "morphine 1 mg/mL", label="Component")
_EXCIPIENTS: Final = tuple(yes_no(r["excipient"], label=r["label"]) for r in table("neuraxial_excipients"))
_COMPONENTS: Final = rows(
    "components",
    _NAME,
    yes_no("preservative_free", label="Preservative-free"),
    yes_no("has_route", label="Labelled for the route"),
    yes_no("vinca", label="Vinca alkaloid"),
    *_EXCIPIENTS,
    optional=("preservative_free", "has_route", "vinca", *(e.name for e in _EXCIPIENTS)),
    note="drug and diluent, each; what is left out counts as not known, and not known stops",
)
_FIX: Final = "use a product that is flagged for it"


@calculation(
    "neuraxial-check",
    "Intrathecal and epidural check",
    group="infusion",
    formula="every component preservative-free, with the route, without a forbidden excipient, and no vinca alkaloid",
    source=published("Safe practice for neuraxial infusion; forbidden excipients as rows", 2026),
)
def _neuraxial(
    route: Annotated[str, choice("route", "intrathecal", "epidural")],
    components: Annotated[tuple[dict[str, Any], ...], _COMPONENTS],
) -> Worked:
    """A hard stop unless every component, the diluent too, is known to be fit. There is no way around it."""
    reasons = [reason for component in components for reason in _against(component, route)]
    if reasons:
        raise Refused(*reasons)
    policy = row("neuraxial", route=route)
    return Worked(
        results=(Verdict("judgement", "Judgement", "may-go-on", f"nothing forbids the {route} route", "ok"),),
        steps=(Step(policy["label"]), Step(policy["filter"])),
        used=(policy.source, *(r.source for r in table("neuraxial_excipients"))),
    )


def _against(component: dict[str, Any], route: str) -> Iterator[Reason]:
    name = component["component"]
    if component["vinca"]:
        yield Reason(
            "vinca", f"{name} is a vinca alkaloid: by this route it kills", "vinca alkaloids go in a minibag, into a vein"
        )
    if component["preservative_free"] is not True:
        known = "is not known to be" if component["preservative_free"] is None else "is not"
        yield Reason("not-preservative-free", f"{name} {known} preservative-free", _FIX)
    if component["has_route"] is not True:
        yield Reason("route-not-labelled", f"{name} is not known to have the {route} route", _FIX)
    for excipient in table("neuraxial_excipients"):
        held = component[excipient["excipient"]]
        if route in excipient["routes"] and (held or (held is None and not excipient["is_preservative"])):
            known = "contains" if held else "is not known to be free of"
            yield Reason("forbidden-excipient", f"{name} {known} {excipient['label'].lower()}", _FIX)


@calculation(
    "newborn-benzyl-alcohol",
    "Benzyl alcohol in newborns",
    group="infusion",
    formula="no component with benzyl alcohol up to the age in the row",
    source=published("FDA labelling on benzyl alcohol and gasping syndrome", 2026),
)
def _newborn(
    age_days: Annotated[Decimal, amount("age", "d", "0", "45000")],
    components: Annotated[
        tuple[dict[str, Any], ...],
        rows("components", _NAME, yes_no("benzyl_alcohol"), optional=("benzyl_alcohol",), note="diluents and flushes too"),
    ],
) -> Worked:
    """A hard stop in newborns; bacteriostatic water and saline contain it. Not known counts as contained."""
    limit = row("newborn", name="benzyl-alcohol")
    if age_days > limit.figure("through_days"):
        return Worked(results=(_older(limit),), used=(limit.source,))
    reasons = [
        Reason(
            "benzyl-alcohol",
            f"{c['component']} {'contains' if c['benzyl_alcohol'] else 'is not known to be free of'} benzyl alcohol",
            "use a preservative-free product",
        )
        for c in components
        if c["benzyl_alcohol"] is not False
    ]
    if reasons:
        raise Refused(*reasons)
    return Worked(results=(Verdict("judgement", "Judgement", "may-go-on", "free of benzyl alcohol", "ok"),), used=(limit.source,))


def _older(limit: Row) -> Verdict:
    text_ = f"older than {limit['through_days']} days; this check is for newborns"
    return Verdict("judgement", "Judgement", "not-newborn", text_, "info")


@calculation(
    "vinca-container",
    "Container and route of vinca alkaloids",
    group="infusion",
    formula="into a vein, in a minibag, never in a syringe",
    source=published("ISMP targeted practice: vinca alkaloids in a minibag", 2026),
)
def _vinca(
    route: Annotated[str, choice("route", "intravenous", "intrathecal", "epidural", "intramuscular", "subcutaneous")],
    container: Annotated[str, choice("container", "minibag", "syringe", "bag", "elastomeric")],
) -> Worked:
    """Vincristine, vinblastine, vinorelbine: a minibag cannot be mistaken for a spinal syringe."""
    reasons = []
    if route != "intravenous":
        reasons.append(Reason("vinca-route", f"a vinca alkaloid must never be given {route}", "only into a vein"))
    if container != "minibag":
        reasons.append(Reason("vinca-container", f"a vinca alkaloid is never dispensed in a {container}", "prepare a minibag"))
    if reasons:
        raise Refused(*reasons)
    fit = Verdict("judgement", "Judgement", "may-go-on", "a minibag into a vein", "ok")
    return Worked(results=(fit,), steps=(Step("Label: fatal if given by other routes, for intravenous use only"),))
