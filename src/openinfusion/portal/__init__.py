# SPDX-License-Identifier: Apache-2.0
"""The patient's own page: what they are told by us in plain words, and what they tell us.

Staff give a patient a link and a code; with both and the date of birth a short session opens that shows this one
patient what comes, who comes and how it is done. What the patient asks for changes nothing by itself: it becomes work of
somebody of the house, with a clock. A stranger meets this room without being signed in, so it trusts nothing it is sent.
"""
