# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The fencing device does not answer for 10 s: the node is fenced once when it does"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	lab_bmc_signal node1 STOP
	scene_disk_lost
	lab_require 15 "the fencer is asked for node1" lab_was_requested node1
	sleep 10
	lab_bmc_signal node1 CONT
	lab_require 60 "node1 is fenced" lab_was_fenced node1
	lab_require 30 "node2 serves" lab_service_runs node2
	sleep 15
	lab_expect voting node2
}
