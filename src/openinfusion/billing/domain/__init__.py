# SPDX-License-Identifier: Apache-2.0
"""The rules of billing, pure: units, per-diem days, claims, the ledger, remittances, denials."""
