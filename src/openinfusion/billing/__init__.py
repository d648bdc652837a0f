# SPDX-License-Identifier: Apache-2.0
"""From charge to cash: charges from what was delivered and done, per-diem days, claims, remittances, denials, ledger.

It hears of deliveries and visits by their news and decides what they are worth on a claim. Files it neither writes nor
reads: `exchange` does that and comes in by the door.
"""
