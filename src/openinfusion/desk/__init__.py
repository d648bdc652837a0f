# SPDX-License-Identifier: Apache-2.0
"""The desk: what a person sees first and what joins the rooms: the work queue, the chart, the search.

It has no tables; it reads every room by its door.
"""
