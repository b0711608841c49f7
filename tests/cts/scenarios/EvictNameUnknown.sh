# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="corosync's name of a node is not Pacemaker's: status says so, and nobody is fenced"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000
LAB_RENAMED=.example

scenario()
{
	scene_bridges
	# Pacemaker goes on with the names that it read at its start.
	LAB_NAME_END=$LAB_RENAMED
	lab_reload "the names are others"
	sleep 3
	lab_expect steady node2
	lab_disk_fail node1
	lab_require 20 "the bridge gives up" lab_bridge_said node2 "given up: Pacemaker has no node of the name"
	lab_in node2 "$LAB_QARBCTL" status | grep -q "Pacemaker has no node of the name" ||
		lab_fail "status does not say why"
	scene_nobody_evicted 4
	lab_disk_repair node1
	lab_require 20 "node2 has the vote" lab_votes node2
	lab_expect voting node2
}
