# SPDX-License-Identifier: Apache-2.0
"""Is it right: checks find, a pharmacist judges and signs.

Each check is a pure function of the order and what is known of the patient, and says in which tier it found what.
A review belongs to one prescription version; hard stops block it, soft stops need a coded answer, and what could not be
judged needs a pharmacist's word.
"""
