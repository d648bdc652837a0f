# SPDX-License-Identifier: Apache-2.0
"""Proof that the rules are kept: incidents with what they touched, their causes and actions; the calendar of what is due.

It reads every room before it in the street and changes nothing there: a lot or a preparation is stopped in its own room.
"""
