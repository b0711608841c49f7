# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="fence_qarb fences a node whose daemon is stopped: its watchdog fires, and only then it is a success"
LAB_DEVICE=qarb
LAB_AGENT=qarb
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"

scenario()
{
	scene_agent_shown
	scene_agent_fences lab_daemon_signal node1 STOP
}
