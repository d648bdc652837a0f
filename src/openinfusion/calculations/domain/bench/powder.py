# SPDX-License-Identifier: Apache-2.0
"""Powders: the volume a powder takes up when it is dissolved, and the strength that comes of it.

That volume is not one constant of a product: a label may give another for another amount of diluent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Step, Table, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.inputs import amount, rows
from openinfusion.kernel.quantity import rounded, shown_number
from openinfusion.kernel.refusal import Reason, Refused

_POWDER: Final = amount("amount", "mg", "0.001", "1000000", also={"g": "1000"}, label="Drug in the vial")
_DILUENT: Final = amount("diluent", "mL", "0.1", "5000")
_LABEL: Final = rows(
    "label",
    _DILUENT,
    amount("final_volume", "mL", "0.1", "5000"),
    amount("concentration", "mg/mL", "0.0001", "2000"),
    optional=("final_volume", "concentration"),
    label="What the label says",
    note="diluent to add, and either the volume or the strength that comes of it",
)
_HUNDREDTH: Final = Decimal("0.01")
_SOURCE: Final = published("Arithmetic of reconstitution", 2026)


def displacement(diluent_ml: Decimal, final_ml: Decimal) -> Decimal:
    """The volume the powder takes up: final volume − diluent."""
    return final_ml - diluent_ml


def label_displacements(amount_mg: Decimal, label: Sequence[dict[str, Any]]) -> list[tuple[Decimal, Decimal]]:
    """Diluent and displacement of each line of a label; Refused where a line tells neither volume nor strength."""
    found = []
    for line in label:
        final = line["final_volume"]
        if final is None and line["concentration"] is not None:
            final = amount_mg / line["concentration"]
        if final is None:
            raise Refused(Reason("displacement-unknown", "neither final volume nor strength is told", "read it in the label"))
        taken = displacement(line["diluent"], final)
        if taken < 0:
            raise Refused(Reason("label-impossible", "the final volume is less than the diluent added", "read the label again"))
        found.append((line["diluent"], taken))
    return found


def is_constant(found: Sequence[tuple[Decimal, Decimal]], slack_ml: Decimal) -> bool:
    """Whether every line of a label gives the same displacement, but for the slack of its rounding."""
    volumes = [taken for _, taken in found]
    return max(volumes) - min(volumes) <= slack_ml


@calculation(
    "powder-displacement",
    "Displacement of a powder",
    group="bench",
    formula="displacement = final volume − diluent; final volume = amount ÷ strength",
    source=_SOURCE,
)
def _displacement(amount_mg: Annotated[Decimal, _POWDER], label: Annotated[tuple[dict[str, Any], ...], _LABEL]) -> Worked:
    """Of each line of the label, and whether they agree."""
    policy = row("powder", name="slack")
    found = label_displacements(amount_mg, label)
    lines = tuple((shown_number(ml), shown_number(rounded(taken, _HUNDREDTH))) for ml, taken in found)
    same = is_constant(found, policy.figure("ml"))
    said = "one displacement holds for every line" if same else "the displacement depends on the diluent: take the label's line"
    return Worked(
        results=(
            Result("displacement", "Displacement of the first line", found[0][1], "mL", _HUNDREDTH),
            Verdict("constancy", "Is it constant", "constant" if same else "not-constant", said, "ok" if same else "warn"),
        ),
        tables=(Table("lines", "Lines of the label", ("diluent mL", "displacement mL"), lines),),
        used=(policy.source,),
    )


@calculation(
    "reconstitution",
    "Strength after reconstitution",
    group="bench",
    formula="mg/mL = amount ÷ (diluent + displacement)",
    source=_SOURCE,
)
def _reconstitution(
    amount_mg: Annotated[Decimal, _POWDER],
    diluent_ml: Annotated[Decimal, _DILUENT],
    label: Annotated[tuple[dict[str, Any], ...], _LABEL],
) -> Worked:
    """With another diluent volume than the label's, only if all its lines agree on the displacement."""
    policy = row("powder", name="slack")
    found = label_displacements(amount_mg, label)
    own = [taken for ml, taken in found if ml == diluent_ml]
    warned: tuple[Reason, ...] = ()
    if not own:
        if not is_constant(found, policy.figure("ml")):
            raise Refused(
                Reason(
                    "displacement-not-constant",
                    "the label's displacements differ; none is known for this volume",
                    "use a volume of the label",
                )
            )
        warned = (Reason("not-a-label-volume", "the displacement is that of another diluent volume"),)
    taken = own[0] if own else found[0][1]
    final = diluent_ml + taken
    return Worked(
        results=(
            Result("concentration", "Strength", amount_mg / final, "mg/mL", _HUNDREDTH),
            Result("final", "Final volume", final, "mL", _HUNDREDTH),
        ),
        steps=(Step("Displacement", taken, "mL"),),
        warnings=warned,
        used=(policy.source,),
    )
