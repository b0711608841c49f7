# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk is not there on one node when it starts, and appears later: the vote comes without a restart"
LAB_DEVICE=qarb
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	lab_disk_detach node1
	lab_start_together node1 node2
	lab_expect voted node2
	lab_require 30 "node2 has the vote" lab_votes node2
	lab_expect novote node1
	sleep 5
	lab_expect mayvote node1
	lab_disk_attach node1
	lab_expect voted node1
	lab_require 20 "node1 has the vote" lab_votes node1
	lab_expect voting node1 node2
}
