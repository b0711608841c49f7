# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Pacemaker's attribute daemon hangs for 30 s on the serving node while health looks: nobody is fenced, and the service does not notice"
LAB_DEVICE=qarb
LAB_HEALTH=migrate-on-red
# It is the DC that notes failures, through its own attribute daemon.
LAB_DC=node1

scenario()
{
	scene_both_vote
	scene_health_watched "$LAB_HEALTH"
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	lab_fault_signal node1 STOP pacemaker-attrd
	# Longer than a monitor may last.
	sleep 30
	lab_fault_signal node1 CONT pacemaker-attrd
	scene_health_kept node1
	lab_expect voting node1 node2
}
