# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A parameter of health is changed while a node is red and the service prefers that node: it stays away"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="evict: off"
LAB_HEALTH=migrate-on-red

scenario()
{
	scene_both_vote
	lab_in node1 crm_resource --resource service --meta --set-parameter resource-stickiness \
		--parameter-value 0
	scene_health_watched "$LAB_HEALTH"
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_expect service stop:node1 start:node2
	lab_disk_fail node1
	lab_require 15 "node2 serves" lab_service_runs node2
	lab_in node1 crm_resource --resource health --set-parameter dampening --parameter-value 0
	sleep 10
	lab_attribute_is node2 node1 '#health-qarb' red || lab_blame health "node1 is not red any more"
	scene_health_unfailed
}
