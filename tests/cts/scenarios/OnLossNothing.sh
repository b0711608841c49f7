# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="on_loss: nothing: a node that lost its disk goes on without the vote"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="on_loss: nothing"

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_disk_fail node1
	lab_demand 5 novote "node1 has no vote without its disk" lab_votes_not node1
	sleep 8
	lab_disk_repair node1
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}
