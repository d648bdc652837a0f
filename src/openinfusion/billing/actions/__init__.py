# SPDX-License-Identifier: Apache-2.0
"""Writes of billing: charges in, claims checked, sent and worked, remittances posted."""
from __future__ import annotations
