# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Every answer of the disk comes 20 ms late on both nodes, disk probe sees it, then the serving node dies"
LAB_DEVICE=qarb
LAB_DISK=faulty

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	lab_disk_slow node1 20
	lab_disk_slow node2 20
	# Reads of a path that answers 20 ms late take that long, and nobody's vote minds the reading.
	scene_probe_sees node1 20
	sleep 5
	lab_expect unsteady node1
	lab_expect maycease node1
	lab_expect fenced node1
	lab_expect service start:node2
	lab_power_off node1
	lab_require 15 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
