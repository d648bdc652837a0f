# SPDX-License-Identifier: Apache-2.0
"""OpenInfusion: the open operating system of an infusion pharmacy. See ARCHITECTURE.md for the map."""
