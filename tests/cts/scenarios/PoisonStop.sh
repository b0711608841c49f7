# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="on_poison: stop: a node that reads its poison stops Pacemaker, then corosync; its service moves in order"
LAB_DEVICE=qarb
LAB_QARB="on_poison: stop"

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect service stop:node1 start:node2
	lab_stamp node1 fault poison
	lab_in node2 "$LAB_QARBCTL" poison node1 >>"$LAB_DIR/log/poison.log" 2>&1 ||
		lab_fail "no poison: $(tail -n 1 "$LAB_DIR/log/poison.log")"
	lab_require 40 "Pacemaker on node1 ends" lab_not_running node1 pacemakerd
	lab_require 20 "corosync on node1 ends" lab_not_running node1 corosync
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_require 10 "node2 is alone and has the vote" scene_alone_with_vote node2
	lab_expect voting node2
}
