# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="With 4 nodes, three lose power in the same instant: DC, disk leader and the serving node"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_DC=node1
LAB_SERVICE_NODE=node2

scenario()
{
	scene_last_man node4
}
