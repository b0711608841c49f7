# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Between two nodes packets pass one way only: one keeps quorum, the other is fenced"
LAB_DEVICE=qarb
LAB_TIE=highest
LAB_SERVICE_NODE=node2

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect fenced node1
	lab_cut node1 node2 one
	lab_require 30 "node1 is fenced" lab_was_fenced node1
	lab_require 10 "node2 has the vote" scene_alone_with_vote node2
	sleep 2
	lab_expect voting node2
}
