# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="on_loss: stop, and Pacemaker does not end: corosync is left to it until stop_timeout_ms, then the node reboots"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB=$'on_loss: stop\nstop_timeout_ms: 5000'
LAB_REBOOTS=yes

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_signal node1 STOP pacemakerd
	lab_disk_fail node1
	lab_require 10 "node1 begins to stop" scene_logged node1 "stopping the cluster stack"
	sleep 3
	lab_has_power node1 || lab_blame early "node1 did not wait for Pacemaker"
	lab_running node1 corosync || lab_blame early "corosync was stopped from under Pacemaker"
	lab_demand 6 limit "node1 ends itself" lab_ended_by_itself node1
	lab_require 30 "node1 is fenced by Pacemaker" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
