# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk fails for all nodes: nobody is evicted, by anybody"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000
LAB_LOST="node1 node2"

scenario()
{
	local n
	scene_bridges
	lab_expect steady node1 node2
	for n in $LAB_LOST; do
		lab_disk_fail "$n"
	done
	scene_nobody_evicted 6
	for n in $LAB_LOST; do
		lab_disk_repair "$n"
	done
	lab_require 30 "node1 has the vote again" lab_votes node1
	lab_require 30 "node2 has the vote again" lab_votes node2
	lab_expect voting node1 node2
}
