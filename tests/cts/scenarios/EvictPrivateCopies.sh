# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Each node has a private copy of the disk and sees the other silent there: nobody is evicted"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=private
LAB_EVICT_AFTER=4000

scenario()
{
	lab_expect novote node1 node2
	lab_expect steady node1 node2
	lab_require 30 "the bridge on node1 is connected to qarbd" lab_bridge_said node1 "connected to qarbd"
	lab_require 30 "the bridge on node2 is connected to qarbd" lab_bridge_said node2 "connected to qarbd"
	scene_nobody_evicted 6
}
