# SPDX-License-Identifier: GPL-2.0-only
"""Behind ./karp: installing, building, running and testing; sweeps, statistics and figures."""
