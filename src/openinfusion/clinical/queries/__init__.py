# SPDX-License-Identifier: Apache-2.0
"""Reads of the clinical room."""

from __future__ import annotations

from openinfusion.clinical.queries.break_glass import PassFact, passed, passes_where, run_out, to_end
from openinfusion.clinical.queries.facts import Running, facts_for, facts_of_many
from openinfusion.clinical.queries.reviews import AnswerFact, answers_of, findings_of, review_facts, review_of
from openinfusion.clinical.queries.rules import RuleFact, open_firings, retired_rules, rule_facts
from openinfusion.clinical.queries.sets import ObservationFact, SetFact, loaded_sets, observation_facts, set_facts

__all__ = [
    "AnswerFact",
    "ObservationFact",
    "PassFact",
    "RuleFact",
    "Running",
    "SetFact",
    "answers_of",
    "facts_for",
    "facts_of_many",
    "findings_of",
    "loaded_sets",
    "observation_facts",
    "open_firings",
    "passed",
    "passes_where",
    "retired_rules",
    "review_facts",
    "review_of",
    "rule_facts",
    "run_out",
    "set_facts",
    "to_end",
]
