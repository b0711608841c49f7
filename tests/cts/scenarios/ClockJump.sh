# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The wall clock of qarbd and corosync jumps by an hour, forward on one node and back on the other"
LAB_DEVICE=qarb
LAB_PRELOAD=$LAB_BIN/shim_clock.so

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	echo 3600 >"$LAB_DIR/state/clock.node1"
	lab_stamp node1 fault clock 3600
	sleep 5
	echo -3600 >"$LAB_DIR/state/clock.node2"
	lab_stamp node2 fault clock -3600
	sleep 5
	lab_expect unsteady node1
	lab_expect maycease node1
	lab_expect fenced node1
	lab_expect service start:node2
	lab_power_off node1
	lab_require 15 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
