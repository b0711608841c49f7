# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The node that leads on the disk loses power"
LAB_DEVICE=qarb

scenario()
{
	local leader other=node1
	scene_both_vote
	leader=node$(lab_disk_leader node1)
	[[ $leader != node1 ]] || other=node2
	lab_expect steady "$other"
	lab_expect fenced "$leader"
	[[ $leader == node2 ]] || lab_expect service start:node2
	lab_power_off "$leader"
	lab_require 15 "$leader is fenced" lab_was_fenced "$leader"
	lab_require 15 "$other serves" lab_service_runs "$other"
	lab_require 10 "$other leads" lab_disk_leader_is "$other" "${other#node}"
	lab_expect voting "$other"
}
