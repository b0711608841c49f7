# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="With on_poison: stop fence_qarb refuses, watchdog or not: the fencing fails with its reason, and the node goes on"
LAB_DEVICE=qarb
LAB_AGENT=qarb
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB=$'watchdog: /dev/watchdog-lab\non_poison: stop'

scenario()
{
	scene_both_vote
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	! lab_fence node2 node1 || lab_blame proof "the fencing was called a success"
	grep -h -q "refused: with on_poison: stop" "$LAB_DIR"/node*/log/pacemaker/pacemaker.log ||
		lab_fail "nobody says why"
	lab_running node1 pacemakerd || lab_fail "node1 was poisoned all the same"
	lab_expect voting node1 node2
}
