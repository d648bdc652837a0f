# SPDX-License-Identifier: Apache-2.0
"""Where the work is done, and is it fit: pharmacies, suites, hoods, cold stores, their certifications and readings.

Guards of other rooms ask here whether a hood may be used now; the answer is the list of reasons against it.
"""
