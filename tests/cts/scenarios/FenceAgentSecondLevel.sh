# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The management controller is dead, and fence_qarb as second level fences the node"
LAB_DEVICE=qarb
LAB_AGENT=both
SCENARIO_SECONDS=300
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"

scenario()
{
	scene_agent_fences lab_bmc_fail node1
}
