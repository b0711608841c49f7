# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A dead node is powered on by its BMC and joins again; nothing is restarted, no quorum is lost"
LAB_DEVICE=qarb
LAB_AUTOSTART=yes

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_power_off node1
	lab_require 15 "node2 serves" lab_service_runs node2
	lab_require 40 "node1 is online again" lab_peers_online node2
	lab_require 20 "node1 has the vote again" lab_votes node1
	sleep 5
	lab_expect voting node1 node2
}
