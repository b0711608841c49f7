# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The laboratory itself: with stock corosync-qdevice the serving node loses power and is replaced"
LAB_DEVICE=net
LAB_TIMEOUT=500
LAB_SYNC_TIMEOUT=3000
LAB_QNETD_OPTIONS="-S heartbeat_interval_min=200"

scenario()
{
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_power_off node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_require 20 "node1 has power again" lab_has_power node1
}
