# SPDX-License-Identifier: Apache-2.0
"""Reads of the clinical room."""

from __future__ import annotations

from openinfusion.clinical.queries.facts import facts_for, facts_of_many
from openinfusion.clinical.queries.reviews import AnswerFact, answers_of, findings_of, review_facts, review_of
from openinfusion.clinical.queries.rules import RuleFact, open_firings, retired_rules, rule_facts

__all__ = [
    "AnswerFact",
    "RuleFact",
    "answers_of",
    "facts_for",
    "facts_of_many",
    "findings_of",
    "open_firings",
    "retired_rules",
    "review_facts",
    "review_of",
    "rule_facts",
]
