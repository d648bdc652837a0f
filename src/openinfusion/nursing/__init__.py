# SPDX-License-Identifier: Apache-2.0
"""Visits and what is recorded at them: requests, offers to nurses who hold the competency, infusion records,
signatures.

A visit is signed by the nurse who made it; only then billing hears of it. One nurse is never in two places: the
database
itself refuses overlapping visits.
"""
