# SPDX-License-Identifier: Apache-2.0
"""Stock as a ledger: nothing is on hand that a movement did not bring.

Lots come in with expiry and cost, movements carry them from place to place, and the on-hand row per lot and place is
the sum of its movements. Allocation is first expiry, first out; a lot is never deleted; pumps are equipment with a life
of their own.
"""
