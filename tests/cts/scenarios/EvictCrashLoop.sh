# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd on one node is killed and started again every second for longer than evict_after: nobody is evicted"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_EVICT_AFTER=4000
LAB_AGAIN=yes

scenario()
{
	local i
	scene_bridges
	lab_expect steady node1 node2
	lab_expect casting node2
	for ((i = 0; i < 10; i++)); do
		lab_stamp node1 fault voter-dead
		lab_fault_signal node1 KILL qarbd
		lab_require 10 "qarbd on node1 ends" lab_not_running node1 qarbd-decider
		[[ $LAB_AGAIN == yes ]] || break
		sleep 0.3
		LAB_BRIDGE=no lab_device_start node1
		sleep 0.7
	done
	lab_stamp node1 fault voter-alive
	scene_nobody_evicted 2
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}
