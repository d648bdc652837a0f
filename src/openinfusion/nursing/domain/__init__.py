# SPDX-License-Identifier: Apache-2.0
"""The rules of nursing, pure: the visit's machine, the infusion record, rate steps."""
