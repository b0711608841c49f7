# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk of one node is gone for a minute and comes back as another device: the vote comes without a restart"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_disk_fail node1
	lab_disk_detach node1
	lab_demand 5 novote "node1 has no vote without its disk" lab_votes_not node1
	sleep 60
	lab_disk_replug node1
	lab_expect voted node1
	lab_require 30 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}
