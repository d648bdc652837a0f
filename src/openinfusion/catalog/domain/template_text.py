# SPDX-License-Identifier: Apache-2.0
"""What a pharmacist writes into a version of a therapy template, and every fault in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openinfusion.catalog.domain.drug import Route
from openinfusion.catalog.domain.product import Storage
from openinfusion.catalog.domain.template import PER, AuxiliaryLabel, Monitoring, TherapyTemplate
from openinfusion.kernel.refusal import Fault, Malformed

MOST_LABELS = 10  # rows of a template
MOST_ON_ONE = 6  # texts that fit beside everything else on a label of 4 by 3 inches
LABEL_LENGTH = 40
TEXT_LENGTH = 200
_NEEDED = "prescription"  # without a complete order nobody may be accepted
_LOINC = re.compile(r"[1-9][0-9]{0,6}-[0-9]")


@dataclass(frozen=True, slots=True)
class KitText:
    """A supply by its NDC-11: how many for each dose, week or delivery."""

    ndc11: str
    quantity: int
    per: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a template may speak of: required items and nursing tasks by code, products by NDC-11, drugs of the class."""

    items: frozenset[str]
    tasks: frozenset[str]
    products: frozenset[str]
    drugs: frozenset[str]

    @property
    def conditions(self) -> tuple[str, ...]:
        """When an auxiliary label may be asked for."""
        return (
            "always", "hazardous", "vesicant", *(f"storage:{s}" for s in Storage), *(f"route:{r}" for r in Route),
            *(f"drug:{d}" for d in sorted(self.drugs)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """The content of a version, without its day, source and signatures. The per-diem codes are not among it."""

    name: str
    required_items: tuple[str, ...]
    kit: tuple[KitText, ...]
    labs: tuple[Monitoring, ...]
    teaching: tuple[str, ...]
    goals: tuple[str, ...]
    labels: tuple[AuxiliaryLabel, ...]
    visits_per_week: int
    nursing_task: str
    first_dose_attended: bool

    def must_be_sound(self, known: Known) -> None:
        """Malformed with every fault, or nothing."""
        if found := tuple(_faults(self, known)):
            raise Malformed(*found)


def text_of(version: TherapyTemplate) -> TemplateText:
    """What this version says, as a draft would."""
    return TemplateText(
        name=version.name,
        required_items=version.required_items,
        kit=tuple(KitText(k.product.ndc11, k.quantity, k.per) for k in version.kit),
        labs=version.labs,
        teaching=version.teaching,
        goals=version.goals,
        labels=version.labels,
        visits_per_week=version.visits_per_week,
        nursing_task=version.nursing_task,
        first_dose_attended=version.first_dose_attended,
    )


def is_loinc(text: str) -> bool:
    """Whether this is a LOINC code with a true check digit (mod 10, as LOINC publishes it: every other digit doubled)."""
    if not _LOINC.fullmatch(text):
        return False
    digits, check = text.split("-")
    doubled = [int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits))]
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10 == int(check)


def _faults(text: TemplateText, known: Known) -> Iterator[Fault]:
    if not text.name.strip():
        yield Fault("name", "a template has a name")
    if text.nursing_task not in known.tasks:
        yield Fault("nursing_task", f"“{text.nursing_task}” is no nursing task")
    if not 0 <= text.visits_per_week <= 21:
        yield Fault("visits_per_week", "visits a week are between 0 and 21")
    yield from _item_faults(text, known)
    yield from _kit_faults(text, known)
    yield from _lab_faults(text)
    for field in ("teaching", "goals"):
        said = getattr(text, field)
        yield from _twice(field, said, str.casefold)
        yield from (Fault(field, f"“{s[:40]}…” is longer than {TEXT_LENGTH} signs") for s in said if len(s) > TEXT_LENGTH)
        yield from (Fault(field, "a line is empty") for s in said if not s.strip())
    yield from _label_faults(text, known)


def _item_faults(text: TemplateText, known: Known) -> Iterator[Fault]:
    yield from (Fault("required_items", f"“{i}” is no required item") for i in text.required_items if i not in known.items)
    yield from _twice("required_items", text.required_items, str)
    if _NEEDED not in text.required_items:
        yield Fault("required_items", "the complete order is always required")


def _kit_faults(text: TemplateText, known: Known) -> Iterator[Fault]:
    for line in text.kit:
        if line.ndc11 not in known.products:
            yield Fault("kit", f"{line.ndc11} is no product on the shelf")
        if line.per not in PER:
            yield Fault("kit", f"a supply goes by {', '.join(PER)}, not by “{line.per}”")
        if not 1 <= line.quantity <= 999:
            yield Fault("kit", "a quantity is between 1 and 999")
    yield from _twice("kit", text.kit, lambda line: f"{line.ndc11} a {line.per}")


def _lab_faults(text: TemplateText) -> Iterator[Fault]:
    for lab in text.labs:
        if not is_loinc(lab.loinc):
            yield Fault("labs", f"“{lab.loinc}” is no LOINC code, or its check digit is wrong")
        if not lab.name.strip():
            yield Fault("labs", f"the test {lab.loinc} needs a name")
        if not 1 <= lab.every_days <= 730:
            yield Fault("labs", "a test is due every 1 to 730 days")
    yield from _twice("labs", text.labs, lambda lab: lab.loinc)


def _label_faults(text: TemplateText, known: Known) -> Iterator[Fault]:
    for label in text.labels:
        if not 1 <= len(label.text.strip()) <= LABEL_LENGTH:
            yield Fault("labels", f"a label's text has between 1 and {LABEL_LENGTH} signs")
        if label.when not in known.conditions:
            yield Fault("labels", f"“{label.when}” is no condition of a label")
    yield from _twice("labels", text.labels, lambda label: f"{label.text} ({label.when})")
    if len(text.labels) > MOST_LABELS or _most_on_one(text.labels) > MOST_ON_ONE:
        yield Fault("labels", f"at most {MOST_LABELS} texts, {MOST_ON_ONE} of them on one container: there is no more space")


def _most_on_one(labels: Iterable[AuxiliaryLabel]) -> int:
    """How many texts may meet on one container: a container has one storage, one route and one drug."""
    counted: dict[str, dict[str, int]] = {}
    for label in labels:
        kind, _, value = label.when.partition(":")
        group = counted.setdefault(kind, {})
        group[value] = group.get(value, 0) + 1
    return sum(max(group.values()) for group in counted.values())


def _twice(field: str, said: Iterable[Any], key: Callable[[Any], str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for one in said:
        if (k := key(one)) in seen:
            yield Fault(field, f"{k} stands there twice")
        seen.add(k)
