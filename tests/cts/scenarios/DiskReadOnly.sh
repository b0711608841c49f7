# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
SCENARIO_TEXT="The disk becomes read-only on one node, and writable again"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local dev
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	dev=$(<"$LAB_DIR/disk/node1.dev")
	blockdev --setro "$dev"
	lab_stamp node1 fault disk-read-only
	lab_demand 5 novote "node1 has no vote without its disk" lab_votes_not node1
	lab_expect novote node1
	lab_demand 5 told "node1's log says that it is read-only" scene_logged node1 \
		"device=.*: read-only, or not permitted"
	sleep 5
	lab_expect mayvote node1
	blockdev --setrw "$dev"
	lab_require 30 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}
