# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
SCENARIO_TEXT="The disk of a watched node hangs, dead_ms is made longer by a reload, and the node is cut off: fence_qarb calls it dead only when it is"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_REBOOTS=yes
LAB_DISK=faulty
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"

# Of the machine, whose worker is held up by the disk: nothing of it is scheduled any more.
last_sample() { tail -n 1 "$LAB_DIR/samples/node1" | cut -d ' ' -f 2; }

scenario()
{
	local now
	scene_both_vote
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	lab_expect unsteady node1 node2
	lab_disk_stall node1
	sleep 1
	scene_times 40000 10000 20000
	sleep 1
	lab_cut node1 node2
	lab_in node2 "$LAB_FENCE_AGENT" -o reboot -n node1 -t 90 >"$LAB_DIR/log/fence_qarb.log" 2>&1 ||
		lab_fail "fence_qarb: $(tail -n 1 "$LAB_DIR/log/fence_qarb.log")"
	now=$(lab_now_ns)
	lab_stamp node1 fenced-by-agent
	sleep 5
	(($(last_sample) < now)) || lab_blame proof "fencing was called a success while node1 ran"
}
