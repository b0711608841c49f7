# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is stopped in order on a node with an armed watchdog, and started again: the watchdog is disarmed and does not fire"
LAB_DEVICE=qarb
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"
LAB_END_BY=TERM

told_unwatched() { ! lab_watchdog_armed node2 node1 || [[ $LAB_END_BY != TERM ]]; }

scenario()
{
	scene_both_vote
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	lab_expect steady node1 node2
	scene_stop_watched told_unwatched
	lab_device_start node1
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_require 20 "the watchdog of node1 is armed again" lab_watchdog_armed node2 node1
	lab_expect voting node1 node2
}
