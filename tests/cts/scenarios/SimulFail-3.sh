# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="With 3 nodes, two lose power in the same instant: DC, disk leader and the serving node"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_DC=node1

scenario()
{
	scene_last_man node3
}
