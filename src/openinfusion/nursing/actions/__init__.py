# SPDX-License-Identifier: Apache-2.0
"""Writes of nursing: requests and offers, the record, the steps of a visit."""
from __future__ import annotations
