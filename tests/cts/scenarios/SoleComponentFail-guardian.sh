# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The guardian is killed on the sole survivor, which gets quorum back when qarbd starts again"
LAB_DEVICE=qarb

scenario()
{
	scene_sole
	lab_expect unsteady node1
	lab_expect service stop:node1 start:node1
	lab_fault_signal node1 KILL qarbd
	lab_require 10 "node1 loses quorum" lab_not_quorate node1
	lab_require 20 "the service stops" scene_service_stopped node1
	lab_require 10 "the decider ends" lab_not_running node1 qarbd-decider
	lab_device_start node1
	lab_require 30 "node1 is quorate again" lab_is_quorate node1
	lab_require 20 "the service runs again" lab_service_runs node1
	lab_expect voting node1
}
