# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Two of five nodes lose their disk paths at once: each is evicted once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_NODES=5
LAB_DISK=faulty
LAB_EVICT_AFTER=4000
LAB_SERVICE_NODE=node4
LAB_SERVICE_NEXT=node3

scenario()
{
	scene_bridges
	lab_expect steady node1 node2 node3
	lab_expect fenced node4 node5
	lab_expect service start:node3
	lab_disk_fail node4
	lab_disk_fail node5
	lab_require 20 "the fencer is asked for node4" lab_was_requested node4
	lab_require 20 "the fencer is asked for node5" lab_was_requested node5
	lab_require 30 "node4 is fenced" lab_was_fenced node4
	lab_require 30 "node5 is fenced" lab_was_fenced node5
	sleep 10
	scene_asked_once node4 node5
	lab_expect voting node1 node2 node3
}
