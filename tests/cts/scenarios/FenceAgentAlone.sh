# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Pacemaker fences a node through fence_qarb alone: it reads its poison and reboots"
LAB_DEVICE=qarb
LAB_AGENT=qarb
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"

scenario()
{
	scene_agent_fences true
}
