# SPDX-License-Identifier: Apache-2.0
"""Dispatch: who goes where today, and why.

It asks delivery and nursing for the work of a day and for the people who may do it, and has that planned.

A plan is a proposal until somebody accepts it; then the routes and visits are given out by the doors of the rooms they
belong to. Whatever happens during the day makes a new proposal from the plan in force, with the difference shown first.
"""
