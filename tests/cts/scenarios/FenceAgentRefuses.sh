# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Without an armed watchdog fence_qarb refuses: the fencing fails with its reason, and the node goes on"
LAB_DEVICE=qarb
LAB_AGENT=qarb
LAB_REBOOTS=yes

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	! lab_fence node2 node1 || lab_blame proof "the fencing was called a success"
	grep -h -q "refused: it has no armed watchdog" "$LAB_DIR"/node*/log/pacemaker/pacemaker.log ||
		lab_fail "nobody says why"
	! lab_ended_by_itself node1 || lab_fail "node1 was poisoned all the same"
	lab_expect voting node1 node2
}
