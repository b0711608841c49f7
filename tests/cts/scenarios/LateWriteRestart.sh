# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A write fails and the whole daemon is killed and started again: nothing is written until late_ms has passed since then"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_DISK=faulty
LAB_QARB="late_ms: 15000"
LAB_NOTED=kept

scenario()
{
	local failed
	scene_both_vote
	lab_expect unsteady node1
	lab_expect maycease node1 node2
	lab_disk_fail node1 write
	sleep 1
	lab_disk_repair node1
	failed=$(lab_now_ns)
	lab_signal node1 KILL qarbd
	lab_require 20 "all of qarbd on node1 ends" lab_not_running node1 qarbd-disk0
	[[ $LAB_NOTED == kept ]] || lab_in node1 rm -f /run/qarb/write-failed
	lab_device_start node1
	lab_require 60 "node1 votes again" lab_votes node1
	# It failed within the second before the disk was repaired.
	(($(lab_now_ns) - failed >= 13900000000)) || lab_blame late "node1 wrote before late_ms had passed"
	lab_expect voting node1 node2
}
