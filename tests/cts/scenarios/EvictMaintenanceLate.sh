# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Maintenance mode begins while fencing fails: it is not tried again before the mode ends"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

maintenance() { lab_in node2 crm_attribute --type crm_config --name maintenance-mode --update "$1"; }

scenario()
{
	local asked
	scene_bridges
	lab_bmc_password node1 wrong
	sleep 2
	scene_disk_lost
	lab_require 60 "fencing of node1 fails" lab_bridge_said node2 "eviction node=1 .* waiting: "
	maintenance true
	lab_demand 5 asked "the order is taken back" scene_logged node2 "eviction-withdrawn node=1"
	lab_bmc_password node1 lab
	asked=$(lab_requests_for node1)
	sleep 10
	(($(lab_requests_for node1) == asked)) || lab_blame asked "the fencer was asked in maintenance mode"
	maintenance false
	lab_require 20 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
