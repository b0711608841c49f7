# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="One of 3 nodes starts, the others are gone for good: it gets the vote after X"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	lab_start_together node2
	lab_expect voted node2
	lab_require 40 "node2 is alone and has the vote" scene_alone_with_vote node2
	lab_expect steady node2
	sleep 3
	lab_expect voting node2
}
