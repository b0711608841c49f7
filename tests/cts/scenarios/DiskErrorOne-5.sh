# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk fails for 5 s on one node"
LAB_DEVICE=qarb
LAB_DISK=faulty

scenario()
{
	scene_disk_error 5 node1
}
