# SPDX-License-Identifier: Apache-2.0
"""The difference between two versions of a therapy template, line by line and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openinfusion.catalog.domain.template_text import TemplateText

PARTS = {
    "name": "Name",
    "required_items": "Required before acceptance",
    "kit": "Supplies",
    "labs": "Monitoring",
    "teaching": "Teaching",
    "goals": "Goals",
    "labels": "Auxiliary labels",
    "nursing": "Nursing",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What one part loses and gains; ``changed`` holds how a line was and will be."""

    part: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    reordered: bool = False
    title: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.gone or self.new or self.changed or self.reordered)


def condition_words(when: str) -> str:
    """When an auxiliary label is there, in words."""
    kind, _, value = when.partition(":")
    shown = value.replace("_", " ")
    return {"storage": f"when kept {shown}", "route": f"by the route {shown}", "drug": f"with {shown}",
            "hazardous": "when hazardous", "vesicant": "when a vesicant"}.get(kind, "always")


def lines_of(text: TemplateText, products: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Every line of every part in words, by what makes it the same line in another version. ``products``: name by NDC-11."""
    return {
        "name": {"name": text.name},
        "required_items": {i: i.replace("_", " ") for i in text.required_items},
        "kit": {
            f"{k.ndc11} {k.per}": f"{k.quantity} × {products.get(k.ndc11, k.ndc11)} for each {k.per}" for k in text.kit
        },
        "labs": {m.loinc: f"{m.name} (LOINC {m.loinc}) every {m.every_days} days" for m in text.labs},
        "teaching": {t: t for t in text.teaching},
        "goals": {g: g for g in text.goals},
        "labels": {
            f"{label.text} {label.when}": f"{label.text}, {condition_words(label.when)}" for label in text.labels
        },
        "nursing": {
            "visits": f"visits a week: {text.visits_per_week}",
            "task": text.nursing_task.replace("_", " "),
            "first": "first dose attended" if text.first_dose_attended else "first dose not attended",
        },
    }


def difference(
    before: TemplateText, after: TemplateText, products: Mapping[str, str],
) -> tuple[Change, ...]:
    """What the later version changes, part by part; nothing where both say the same."""
    return changes_between(lines_of(before, products), lines_of(after, products), PARTS)


def changes_between(
    was: Mapping[str, Mapping[str, str]], will: Mapping[str, Mapping[str, str]], parts: Mapping[str, str],
) -> tuple[Change, ...]:
    """The difference between the lines of two versions; ``parts``: the title of each part, in order."""
    found = []
    for part, title in parts.items():
        old, new = was[part], will[part]
        stay = [k for k in old if k in new]
        change = Change(
            part,
            tuple(words for k, words in old.items() if k not in new),
            tuple(words for k, words in new.items() if k not in old),
            tuple((old[k], new[k]) for k in stay if old[k] != new[k]),
            stay != [k for k in new if k in old],
            title,
        )
        if change.says_something:
            found.append(change)
    return tuple(found)
