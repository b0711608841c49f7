# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk path of one node fails while the ring is healthy: it is evicted once, at evict_after, and the other serves"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty

scenario()
{
	scene_bridges
	scene_disk_lost
	scene_evicted node1
	lab_require 20 "node2 serves" lab_service_runs node2
	sleep 5
	scene_asked_once node1
	lab_expect voting node2
}
