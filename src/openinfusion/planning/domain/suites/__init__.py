# SPDX-License-Identifier: Apache-2.0
"""A day of an infusion suite: who sits when in which chair, with nurses, preparation and hours. Times are slots."""
