# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Randomised rounds of eviction faults: nobody is fenced twice, or by a partition without the vote"
SCENARIO_SECONDS=1500
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_REBOOTS=yes
LAB_AUTOSTART=yes
LAB_EVICT_AFTER=3000
LAB_SEED=2026
LAB_ROUNDS=14

scenario_prepare() { LAB_NODES=$(rounds_nodes "$LAB_SEED" "${LAB_ROUNDS%%,*}"); }
scenario() { rounds_all; }
scenario_audit() { rounds_audit; }
