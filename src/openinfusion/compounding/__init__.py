# SPDX-License-Identifier: Apache-2.0
"""Sterile preparation, from a verified order to a released, labelled preparation.

A work order makes one supply of one prescription: ingredients with their lots, captured by scan; a gate that asks
whether this person may make this, here, now; a second pair of eyes; a beyond-use date that names its limit; a label.
"""
