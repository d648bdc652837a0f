# SPDX-License-Identifier: Apache-2.0
"""The course of one parenteral therapy: the anchor that everything else hangs on.

A therapy has prescriptions, which are revised and never edited, and plans of treatment, which a prescriber signs.
From the prescription's timing come the doses due, in the patient's own time zone.
"""
