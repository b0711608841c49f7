# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The serving node loses its disk: health turns red, the service leaves, nobody is fenced"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="evict: off"
LAB_HEALTH=migrate-on-red

scenario()
{
	scene_both_vote
	scene_health_watched "$LAB_HEALTH"
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_expect service stop:node1 start:node2
	lab_disk_fail node1
	lab_require 15 "node1 is red" lab_attribute_is node2 node1 '#health-qarb' red
	lab_require 15 "node2 serves" lab_service_runs node2
	sleep 5
	lab_is_quorate node1 || lab_fail "node1 is not a member any more"
	lab_disk_repair node1
	lab_require 30 "node1 is green again" lab_attribute_is node2 node1 '#health-qarb' green
	sleep 3
	lab_expect voting node1 node2
}
