# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Of three nodes the evicting one loses power while the fencer works on its order: each is fenced once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_NODES=3
LAB_DISK=faulty
LAB_EVICT_AFTER=4000
LAB_SERVICE_NODE=node3

scenario()
{
	scene_bridges
	lab_expect fenced node3 node1
	lab_disk_fail node3
	lab_require 15 "the fencer is asked for node3" lab_was_requested node3
	lab_power_off node1
	# Without a vote of its own node3 may have stopped it before.
	lab_expect service stop:node3? start:node2
	lab_require 60 "node3 is fenced, by the next evictor" lab_was_fenced node3
	lab_require 60 "node1 is fenced" lab_was_fenced node1
	lab_require 30 "node2 serves" lab_service_runs node2
	sleep 10
	lab_expect voting node2
}
