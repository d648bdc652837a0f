# SPDX-License-Identifier: Apache-2.0
"""Who may do it: the people of the pharmacy, their licences and their competencies; and who is on call.

Guards of other rooms ask here whether a person may do a task today; the answer is the list of reasons against it.
"""
