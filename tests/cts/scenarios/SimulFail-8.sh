# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="With 8 nodes, seven lose power in the same instant; prints the time line"
LAB_DEVICE=qarb
SCENARIO_SECONDS=400
SCENARIO_ALONE=yes
LAB_NODES=8
LAB_DC=node1
LAB_SERVICE_NODE=node2

scenario()
{
	scene_last_man node8
}
