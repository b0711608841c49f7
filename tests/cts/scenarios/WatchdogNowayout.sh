# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is stopped in order, and the watchdog's driver does not disarm it (nowayout): the log says that the node is reset before it is"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab-nowayout"

scenario()
{
	scene_both_vote
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	lab_expect steady node2
	lab_expect casting node2
	lab_signal node1 TERM qarbd
	lab_require 20 "qarbd on node1 ends" lab_not_running node1 qarbd
	grep -q "the watchdog cannot be disarmed" "$LAB_DIR/node1/qarbd.out" ||
		lab_fail "the log does not say that the node is reset: $(tail -n 1 "$LAB_DIR/node1/qarbd.out")"
	lab_require 15 "the watchdog resets node1" lab_ended_by_itself node1
	lab_expect voting node2
}
