# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The cable is cut: Pacemaker fences the loser, and the bridges add no second fencing"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_EVICT_AFTER=4000

scenario()
{
	scene_split node1 node2
	scene_nobody_evicted 8
}
