# SPDX-License-Identifier: Apache-2.0
"""Reads of billing: claims, what a claim rests on in other rooms, the ledger, remittances and denials."""
from __future__ import annotations
