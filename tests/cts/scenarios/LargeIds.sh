# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="3 nodes with ids as corosync derives them from IPv4 addresses, above 2^31: DC, leader and the serving node die at once"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_ID_BASE=3232235520
LAB_TRANSPORT=udpu
LAB_DC=node1

scenario()
{
	scene_last_man node3
}
