# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The node without the service loses power; nothing is restarted"
LAB_DEVICE=qarb

scenario()
{
	scene_both_vote
	lab_expect steady node1
	lab_expect fenced node2
	lab_power_off node2
	lab_require 15 "node2 is fenced" lab_was_fenced node2
	sleep 3
	lab_expect voting node1
}
