# SPDX-License-Identifier: Apache-2.0
"""Intake: from referral to start of care. Referrals, required items, benefits, authorizations, assessments.

The gate to acceptance opens only when every required item is there; money informs and never blocks. Other rooms enter
by `public`.
"""
