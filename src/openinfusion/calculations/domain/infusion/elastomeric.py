# SPDX-License-Identifier: Apache-2.0
"""Elastomeric devices: which one holds the volume and empties in time, and how full it must be.

Nothing is known of a device but its row, which the site copies from the maker's instructions. Without a row the answer
is that it cannot be judged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Final

from openinfusion.calculations.domain.calculation import Result, Table, Verdict, Worked, calculation
from openinfusion.calculations.domain.figures import published, row
from openinfusion.calculations.domain.infusion.rate import TENTH
from openinfusion.calculations.domain.inputs import amount, choice, rows, text
from openinfusion.kernel.quantity import rounded, shown_number
from openinfusion.kernel.refusal import Reason, Refused

_FLUID: Final = choice("fluid", ("sodium_chloride", "0.9 % sodium chloride"), ("dextrose", "5 % dextrose"), label="Diluent")
_DEVICES: Final = rows(
    "devices",
    text("device", r"[\w .,/%+-]{1,60}", "Infuser 100", label="Device"),
    amount("flow", "mL/h", "0.1", "500", label="Nominal flow"),
    amount("nominal_fill", "mL", "1", "1000"),
    amount("least_fill", "mL", "1", "1000"),
    amount("greatest_fill", "mL", "1", "1000"),
    amount("residual", "mL", "0", "50"),
    choice("calibrated_with", "sodium_chloride", "dextrose", label="Calibrated with"),
    amount("tolerance", "%", "0", "50", label="Flow tolerance"),
    amount("temperature", "Cel", "0", "50", label="Calibrated at"),
    amount("flow_per_degree", "%", "0", "20", label="Change of flow per degree"),
    optional=("temperature", "flow_per_degree"),
    note="from the maker's instructions for use",
)
_WINDOW: Final = amount("window", "%", "0", "50", note="how far the time may be off; the site's policy if left out")
_WARM: Final = amount("temperature", "Cel", "0", "45", label="Temperature of use")


@dataclass(frozen=True, slots=True)
class Fitted:
    """How one device would do: its fill, its time with the fast and the slow end, and what speaks against it."""

    name: str
    fill_ml: Decimal
    tolerance: Decimal
    greatest_ml: Decimal
    hours: Decimal | None = None
    against: str = ""

    def line(self) -> tuple[str, ...]:
        if self.hours is None:
            return self.name, shown_number(self.fill_ml), "", "", self.against
        span = (self.hours / (1 + self.tolerance), self.hours / (1 - self.tolerance))
        low, high = (shown_number(rounded(h, TENTH)) for h in span)
        return self.name, shown_number(self.fill_ml), shown_number(rounded(self.hours, TENTH)), f"{low} to {high}", self.against


def fluid_factor(calibrated_with: str, fluid: str, thinner: Decimal) -> Decimal:
    """How much faster a device runs with another fluid than its own; ``thinner`` is saline in a dextrose device."""
    if calibrated_with == fluid:
        return Decimal(1)
    return thinner if calibrated_with == "dextrose" else 1 / thinner


def delivery_hours(volume_ml: Decimal, flow: Decimal, factor: Decimal) -> Decimal:
    """Hours until the volume (fill without residual) is out."""
    return volume_ml / (flow * factor)


@calculation(
    "elastomeric-device",
    "Choice of an elastomeric device",
    group="infusion",
    formula="hours = (fill − residual) ÷ (nominal flow × fluid factor × temperature factor); the smallest device in time",
    source=published("Maker's instructions, row by row", 2026),
)
def _device(
    volume_ml: Annotated[Decimal, amount("volume", "mL", "1", "1000", note="what the patient is to get, without residual")],
    hours: Annotated[Decimal, amount("time", "h", "0.1", "240")],
    fluid: Annotated[str, _FLUID],
    devices: Annotated[tuple[dict[str, Any], ...], _DEVICES] = (),
    window: Annotated[Decimal | None, _WINDOW] = None,
    temperature: Annotated[Decimal | None, _WARM] = None,
) -> Worked:
    """The smallest device that holds the volume and empties in the window. A device is judged only by its own row."""
    policy = row("elastomeric", name="policy")
    if not devices:
        none = Verdict(
            "device", "Device", "cannot-judge", "no device is on file; copy the rows from the maker's instructions", "warn"
        )
        return Worked(results=(none,), used=(policy.source,))
    share = (policy.figure("window_percent") if window is None else window) / 100
    fitted = [_fitted(d, volume_ml, fluid, temperature, policy.figure("saline_in_dextrose_device")) for d in devices]
    fitted = [_timed(f, hours, share) for f in fitted]
    table = Table(
        "devices", "Devices", ("device", "fill mL", "hours", "with tolerance", "against it"), tuple(f.line() for f in fitted)
    )
    fit = sorted((f for f in fitted if not f.against), key=lambda f: (f.greatest_ml, f.name))
    if not fit:
        unfit = Verdict("device", "Device", "none-fits", "no device of these rows holds the volume and empties in time", "crit")
        return Worked(results=(unfit,), tables=(table,), used=(policy.source,))
    best = fit[0]
    return Worked(
        results=(
            Verdict("device", "Device", best.name, best.name, "ok"),
            Result("fill", "Fill", best.fill_ml, "mL", TENTH),
            Result("hours", "Empties in", best.hours or Decimal(0), "h", TENTH),
        ),
        warnings=_filled(next(d for d in devices if d["device"] == best.name), best.fill_ml),
        tables=(table,),
        used=(policy.source,),
    )


def _fitted(device: dict[str, Any], volume: Decimal, fluid: str, warm: Decimal | None, thinner: Decimal) -> Fitted:
    fill = volume + device["residual"]
    held = Fitted(device["device"], fill, device["tolerance"] / 100, device["greatest_fill"])
    factor = fluid_factor(device["calibrated_with"], fluid, thinner) * _warmth(device, warm)
    if factor <= 0:
        return replace(held, against="cannot be judged at this temperature")
    held = replace(held, hours=delivery_hours(volume, device["flow"], factor))
    outside = not device["least_fill"] <= fill <= device["greatest_fill"]
    return replace(held, against="fill outside its range") if outside else held


def _warmth(device: dict[str, Any], warm: Decimal | None) -> Decimal:
    """The factor of the temperature; 0 where the row does not say how the flow changes with it."""
    if warm is None or warm == device["temperature"]:
        return Decimal(1)
    if device["temperature"] is None or device["flow_per_degree"] is None:
        return Decimal(0)
    return Decimal(1 + device["flow_per_degree"] / 100 * (warm - device["temperature"]))


def _timed(fitted: Fitted, wanted: Decimal, share: Decimal) -> Fitted:
    if fitted.against or fitted.hours is None or abs(fitted.hours - wanted) <= wanted * share:
        return fitted
    return replace(fitted, against="too slow" if fitted.hours > wanted else "too fast")


def _filled(device: dict[str, Any], fill: Decimal) -> tuple[Reason, ...]:
    if fill < device["nominal_fill"]:
        return (Reason("underfilled", "below its nominal fill the device runs fast", "fill to the nominal volume"),)
    if fill > device["nominal_fill"]:
        return (Reason("overfilled", "above its nominal fill the device runs slowly", "fill to the nominal volume"),)
    return ()


@calculation(
    "elastomeric-fill",
    "Fill of an elastomeric device",
    group="infusion",
    formula="delivered = flow × hours; fill = delivered + residual; diluent = fill − drug volume",
    source=published("Arithmetic of infusion", 2026),
)
def _fill(
    dose_mg: Annotated[Decimal, amount("dose", "mg", "0.001", "100000")],
    strength: Annotated[Decimal, amount("concentration", "mg/mL", "0.0001", "1000", note="of the drug as drawn up")],
    flow: Annotated[Decimal, amount("flow", "mL/h", "0.1", "500")],
    hours: Annotated[Decimal, amount("time", "h", "0.1", "240")],
    residual_ml: Annotated[Decimal, amount("residual", "mL", "0", "50")] = Decimal(0),
    greatest: Annotated[Decimal | None, amount("greatest_fill", "mL", "1", "1000")] = None,
) -> Worked:
    """The diluent that brings a dose to the volume the device gives in its time, and what stays behind in it."""
    drug_ml, delivered = dose_mg / strength, flow * hours
    fill = delivered + residual_ml
    if drug_ml > fill:
        raise Refused(
            Reason(
                "drug-exceeds-fill",
                "the drug alone is more than the device gives in this time",
                "take a faster device or a longer time",
            )
        )
    if greatest is not None and fill > greatest:
        raise Refused(Reason("fill-exceeds-device", "this fill is more than the device holds", "take a larger device"))
    kept = dose_mg * residual_ml / fill
    warned = (Reason("dose-left-behind", f"{shown_number(rounded(kept, TENTH))} mg stay in the device"),) if kept else ()
    return Worked(
        results=(
            Result("drug", "Drug", drug_ml, "mL", TENTH),
            Result("delivered", "Delivered", delivered, "mL", TENTH),
            Result("fill", "Fill", fill, "mL", TENTH),
            Result("diluent", "Diluent to add", fill - drug_ml, "mL", TENTH),
            Result("kept", "Drug that stays behind", kept, "mg", TENTH),
        ),
        warnings=warned,
    )


@calculation(
    "device-back-pressure",
    "Flow of an Infu-Disk against pressure",
    group="infusion",
    formula="flow = set flow × 14.9 ÷ (14.7 + psig)",
    source=published("Infu-Disk device equation, as its maker prints it", 2026),
)
def _pressure(
    flow: Annotated[Decimal, amount("flow", "mL/h", "0.1", "500", label="Set flow")],
    psig: Annotated[Decimal, amount("pressure", "psi", "-5", "20", note="gauge pressure; 0 is the air around")],
) -> Worked:
    """For this device only; other devices have no such equation on file."""
    return Worked(results=(Result("flow", "Flow", flow * Decimal("14.9") / (Decimal("14.7") + psig), "mL/h", TENTH),))
