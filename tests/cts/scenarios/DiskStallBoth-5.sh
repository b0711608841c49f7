# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk hangs for 5 s on both nodes, the worker in D state"
LAB_DEVICE=qarb
LAB_DISK=faulty

scenario()
{
	scene_disk_stall 5 no node1 node2
}
