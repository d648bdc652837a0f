# SPDX-License-Identifier: Apache-2.0
"""Who goes where, when: the problem, its timing, the plan, its check and its reasons. All times are whole ticks."""
