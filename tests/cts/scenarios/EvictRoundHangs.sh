# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A round whose target's fencing device hangs for 8 s: who asked, once, is on record, and the target is fenced once"
SCENARIO_SECONDS=400
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_REBOOTS=yes
LAB_AUTOSTART=yes
LAB_EVICT_AFTER=3000
LAB_SEED=3
LAB_ROUNDS=27

scenario_prepare() { LAB_NODES=$(rounds_nodes "$LAB_SEED" "$LAB_ROUNDS"); }

scenario()
{
	rounds_all
	# What the audit of a round judges by: without these lines it would have nothing to find.
	rounds_recorded node1 orders node2
	rounds_recorded node1 asks node2
}

scenario_audit() { rounds_audit; }
