# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="All of qarbd is stopped on one node: it cannot read its poison, and the fencer evicts it once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_daemon_signal node1 STOP
	scene_evicted node1
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
