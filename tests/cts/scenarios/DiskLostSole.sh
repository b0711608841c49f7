# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk hangs for 5 s on the sole survivor: it loses quorum and gets it back"
LAB_DEVICE=qarb
LAB_DISK=faulty

scenario()
{
	scene_sole
	lab_expect unsteady node1
	lab_expect service stop:node1 start:node1
	lab_disk_stall node1
	lab_require 5 "node1 loses quorum" lab_not_quorate node1
	lab_require 20 "the service stops" scene_service_stopped node1
	sleep 2
	lab_disk_repair node1
	lab_require 30 "node1 is quorate again" lab_is_quorate node1
	lab_require 20 "the service runs again" lab_service_runs node1
	lab_expect voting node1
}
