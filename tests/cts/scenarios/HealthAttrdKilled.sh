# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Pacemaker's attribute daemon is killed on the serving node, and away for 4 s, while health looks: nobody is fenced, and the service does not notice"
LAB_DEVICE=qarb
LAB_HEALTH=migrate-on-red
# It is the DC that notes failures, through its own attribute daemon.
LAB_DC=node1

scenario()
{
	local old
	scene_both_vote
	scene_health_watched "$LAB_HEALTH"
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	old=$(lab_pids_of node1 pacemaker-attrd)
	# It is not started again before several looks have missed it.
	lab_signal node1 STOP pacemakerd
	lab_fault_signal node1 KILL pacemaker-attrd
	sleep 4
	lab_signal node1 CONT pacemakerd
	sleep 15 # what could fence it has time
	lab_require 20 "the attribute daemon was started again" scene_renewed node1 pacemaker-attrd "$old"
	scene_health_kept node1
	lab_expect voting node1 node2
}
