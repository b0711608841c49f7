# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="on_loss: reboot: a node that lost its disk reboots itself; the other serves"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="on_loss: reboot"
LAB_REBOOTS=yes

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_disk_fail node1
	lab_require 10 "node1 ends itself" lab_ended_by_itself node1
	lab_require 30 "node1 is fenced by Pacemaker" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
