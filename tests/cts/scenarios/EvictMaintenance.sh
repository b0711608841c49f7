# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Nobody is evicted in maintenance mode; when it ends, the node that is dead on the disk is"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

maintenance() { lab_in node2 crm_attribute --type crm_config --name maintenance-mode --update "$1"; }

status_says_why()
{
	lab_in node2 "$LAB_QARBCTL" status | grep -q \
		'node 1 (node1), dead on the disks: held up for [0-9]* ms: the cluster or the node is in maintenance'
}

scenario()
{
	local said rc=0
	scene_bridges
	maintenance true
	sleep 1
	lab_expect steady node2
	lab_disk_fail node1
	scene_nobody_evicted 4
	lab_demand 1 status "status names the eviction that is held up, and why" status_says_why
	# An administrator passes the same gates.
	said=$(lab_in node2 "$LAB_QARBCTL" evict node1 2>&1) || rc=$?
	[[ $rc -eq 4 && $said == *"in maintenance mode"* ]] ||
		lab_blame asked "qarbctl evict in maintenance mode ended with $rc: $said"
	lab_expect fenced node1
	lab_expect service start:node2
	lab_stamp node1 fault maintenance-ends
	maintenance false
	lab_require 5 "the fencer is asked for node1" lab_was_requested node1
	lab_require 20 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
