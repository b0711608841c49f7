# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A node is built to ignore its poison and goes on; the fencer evicts it once all the same"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_QARBD=$LAB_BUILD/release-mutants/qarbd
LAB_QARBD_OPTIONS=--mutant=disobedient
LAB_REBOOTS=yes

scenario()
{
	scene_bridges
	lab_expect steady node2
	lab_stamp node1 fault poison
	lab_in node2 "$LAB_QARBCTL" poison node1 >>"$LAB_DIR/log/poison.log" 2>&1 ||
		lab_fail "no poison: $(tail -n 1 "$LAB_DIR/log/poison.log")"
	sleep 3
	! lab_ended_by_itself node1 || lab_fail "node1 obeyed"
	lab_votes node1 || lab_fail "node1 lost its vote"
	lab_expect fenced node1
	lab_expect service start:node2
	lab_in node2 "$LAB_QARBCTL" evict node1 >>"$LAB_DIR/log/poison.log" 2>&1 ||
		lab_fail "no eviction: $(tail -n 1 "$LAB_DIR/log/poison.log")"
	lab_require 10 "the fencer is asked for node1" lab_was_requested node1
	lab_require 30 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
