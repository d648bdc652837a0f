# SPDX-License-Identifier: Apache-2.0
"""The demonstration pharmacy: made from a seed, through the same actions that people use.

Every name here is made up and looks it. Nothing is written past an action, so that journal, stock, claims and
remittances are true.
"""
