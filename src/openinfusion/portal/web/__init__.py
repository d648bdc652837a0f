# SPDX-License-Identifier: Apache-2.0
"""Pages for staff, and the patient's own."""
