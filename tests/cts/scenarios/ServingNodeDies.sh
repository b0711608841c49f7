# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The node with the service loses power; the other keeps quorum, fences it and serves"
LAB_DEVICE=qarb

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_power_off node1
	lab_require 15 "node2 serves" lab_service_runs node2
	lab_require 10 "node1 has power again" lab_has_power node1
	lab_expect voting node2
}
