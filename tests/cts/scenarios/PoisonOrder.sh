# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A node that reads its poison stops casting and reboots itself"
LAB_DEVICE=qarb
LAB_REBOOTS=yes

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_stamp node1 fault poison
	lab_in node2 "$LAB_QARBCTL" poison node1 >>"$LAB_DIR/log/poison.log" 2>&1 ||
		lab_fail "no poison: $(tail -n 1 "$LAB_DIR/log/poison.log")"
	lab_require 5 "node1 ends itself" lab_ended_by_itself node1
	lab_require 20 "node1 is fenced by Pacemaker" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
