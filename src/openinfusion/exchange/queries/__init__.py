# SPDX-License-Identifier: Apache-2.0
"""Reads of exchange."""
from __future__ import annotations

from openinfusion.exchange.queries.claim_files import ClaimFileFact, claim_file_of, claim_files, claims_out
from openinfusion.exchange.queries.inbox import InboundFact, inbound_files, inbound_of, waiting_inbound
from openinfusion.exchange.queries.outbox import TransmissionFact, transmission_of, transmissions, waiting_files

__all__ = [
    "ClaimFileFact", "InboundFact", "TransmissionFact", "claim_file_of", "claim_files", "claims_out", "inbound_files",
    "inbound_of", "transmission_of", "transmissions", "waiting_files", "waiting_inbound",
]
