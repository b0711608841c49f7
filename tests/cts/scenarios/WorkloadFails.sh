# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The workload agent fails and cannot be started again anywhere: its weight lapses, and the service does not notice"
LAB_DEVICE=qarb

scenario()
{
	scene_both_vote
	lab_weigh 10
	lab_require 30 "node1's slot has the weight" lab_slot_weighs node2 node1 10
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	lab_spoil_agent workload \
		'/^agent_start/,/^}/s/agent_check/exit 1/; s/^agent_monitor()/agent_monitor() { return 1; }; unused()/'
	lab_require 20 "the agent has failed" failed node1
	lab_require 20 "the weight is gone" lab_slot_weighs node2 node1 0
	sleep 10
	lab_service_runs node1 || lab_blame service "the service does not run on node1 any more"
	lab_expect voting node1 node2
}

failed() { lab_crm node2 | grep -q "<failure .*service-weight_start.*node=\"$1\""; }
