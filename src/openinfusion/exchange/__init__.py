# SPDX-License-Identifier: Apache-2.0
"""Translation only: FHIR, X12 and GS1 in, the house's own words out, and back.

It decides nothing about a patient or a claim; it reads, names every fault, and calls the room that decides.
Formats live in `domain`, pure; what arrived and what was sent is kept here, byte for byte.
"""
