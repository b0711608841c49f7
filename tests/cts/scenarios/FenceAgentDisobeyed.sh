# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="fence_qarb poisons a node that is built to ignore it: that is never called a success, and the node goes on"
LAB_DEVICE=qarb
LAB_AGENT=qarb
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"
LAB_QARBD=$LAB_BUILD/release-mutants/qarbd
LAB_QARBD_OPTIONS=--mutant=disobedient
SCENARIO_SECONDS=300

scenario()
{
	scene_both_vote
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	lab_expect steady node1 node2
	! lab_fence node2 node1 || lab_blame obeyed "the fencing was called a success"
	! lab_ended_by_itself node1 || lab_fail "node1 obeyed"
	lab_expect voting node1 node2
}
