# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="3 nodes with 3, 1 and 1 votes: the part with more votes keeps quorum, not the one with more nodes"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_NODE_VOTES="3 1 1"
LAB_DEVICE_VOTES=4
LAB_TIE=highest
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_split_many 1 2,3
	scene_heal
}
