# SPDX-License-Identifier: Apache-2.0
"""From the pre-delivery call to the proof of delivery: tickets, calls, picking, pack-outs, custody, returns.

A ticket gathers what was released for one patient; nothing leaves before the patient has been asked and a pharmacist
has
checked the package. What arrived is told as news, and billing hears it.
"""
