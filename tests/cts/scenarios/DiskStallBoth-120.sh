# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk hangs for 120 s on both nodes, the worker in D state, and the decider is killed meanwhile"
LAB_DEVICE=qarb
SCENARIO_SECONDS=360
LAB_DISK=faulty

scenario()
{
	scene_disk_stall 120 yes node1 node2
}
