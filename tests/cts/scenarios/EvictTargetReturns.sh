# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The daemon of a node that is to be evicted comes back while the order waits for the fencer: the order is withdrawn, and nobody is fenced"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_EVICT_AFTER=4000
LAB_RETURNS=yes

scenario()
{
	scene_bridges
	lab_fencer_gone node2
	lab_expect steady node2
	lab_daemon_signal node1 STOP
	lab_require 15 "node2 orders the eviction" scene_logged node2 "eviction-ordered node=1"
	if [[ $LAB_RETURNS == yes ]]; then
		lab_daemon_signal node1 KILL
		lab_require 10 "qarbd on node1 ends" lab_not_running node1 qarbd-decider
		LAB_BRIDGE=no lab_device_start node1
		lab_require 15 "the order is withdrawn" scene_logged node2 "eviction-withdrawn node=1"
	fi
	lab_fencer_back node2
	sleep 10
	lab_expect voting node1 node2
	[[ $LAB_RETURNS == no ]] || scene_nobody_evicted 4
}
