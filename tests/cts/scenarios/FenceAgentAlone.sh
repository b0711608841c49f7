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
	local xml
	scene_agent_fences true
	xml=$(lab_in node2 stonith_admin --metadata -a fence_qarb)
	[[ $xml == *unsafe_silence* ]] || lab_fail "stonith_admin does not show the agent"
}
