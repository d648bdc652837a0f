# SPDX-License-Identifier: Apache-2.0
"""Patients: who is treated, and where they live. Identity, allergies, conditions, measurements, labs, lines, coverage.

A wrong entry is never deleted: it is marked as entered in error, with a reason, and leaves every reading. Two people
are never merged by the machine. Other rooms enter by `public`.
"""
