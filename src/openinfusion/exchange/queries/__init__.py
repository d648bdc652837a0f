# SPDX-License-Identifier: Apache-2.0
"""Reads of exchange."""
from __future__ import annotations

from openinfusion.exchange.queries.claim_files import ClaimFileFact, claim_file_of, claim_files, claims_out
from openinfusion.exchange.queries.outbox import TransmissionFact, transmission_of, transmissions, waiting_files

__all__ = [
    "ClaimFileFact", "TransmissionFact", "claim_file_of", "claim_files", "claims_out", "transmission_of", "transmissions",
    "waiting_files",
]
