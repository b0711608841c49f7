# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The guardian is killed; the others end, the node goes without the vote until qarbd starts again"
LAB_DEVICE=qarb

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	scene_guardian_killed node1
	lab_expect voting node1 node2
}
