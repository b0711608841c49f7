# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The fencing device refuses three times and then works: the node is fenced once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

failed_thrice() { (($(lab_bridge_lines node2 "waiting: ") >= 3)); }

# The fencer's own words follow the attempts.
status_says_why()
{
	lab_in node2 "$LAB_QARBCTL" status |
		grep -q 'node 1 (node1), dead on the disks: failed, ordered [0-9]* ms ago, [0-9]* attempts: .'
}

scenario()
{
	scene_bridges
	lab_bmc_password node1 wrong
	sleep 2
	scene_disk_lost
	lab_require 60 "fencing of node1 failed three times" failed_thrice
	! lab_was_fenced node1 || lab_fail "node1 was fenced with a wrong password"
	lab_demand 10 status "status names the failed eviction and its reason" status_says_why
	lab_bmc_password node1 lab
	lab_require 30 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	sleep 10
	lab_expect voting node2
}
