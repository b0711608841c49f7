# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Pacemaker dies on the serving node and the agent is not stopped: its weight lapses, and tie_breaker decides the split"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node2

# Nobody runs the agent: the lease is not renewed and not taken back.
scenario()
{
	scene_both_vote
	lab_weigh 10
	lab_require 30 "node2's slot has the weight" lab_slot_weighs node1 node2 10
	lab_signal node2 STOP pacemaker-execd
	lab_demand 10 weight "the weight has lapsed" lab_slot_weighs node1 node2 0
	scene_logged node2 weight-lapsed || lab_fail "qarbd on node2 does not say that a weight lapsed"
	lab_expect service start:node1
	scene_split_weighed node1 node2
}
