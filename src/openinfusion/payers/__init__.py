# SPDX-License-Identifier: Apache-2.0
"""Payers: who pays, by which rules. A payer has plans, a contract and its rates; a quote adds them up.

What a contract does not price is said to be unknown, never taken as nothing. Other rooms enter by `public`.
"""
