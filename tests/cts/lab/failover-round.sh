# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
#
# One round of bench-failover, run as a scenario: node1 is DC and ring representative; the victim
# serves and loses power silently; it is fenced, powered on by its BMC, and comes back.
SCENARIO_TEXT="one round of the failover benchmark"
LAB_DC=node1
LAB_AUTOSTART=yes
LAB_VICTIM=node1

scenario()
{
	local survivor=node1
	[[ $LAB_VICTIM != node1 ]] || survivor=node2
	if [[ $LAB_DEVICE == qarb ]]; then
		lab_status node1 >"$LAB_DIR/status-before" || :
	fi
	lab_expect steady "$survivor"
	lab_expect fenced "$LAB_VICTIM"
	lab_expect service "start:$survivor"
	sleep 2
	lab_power_off "$LAB_VICTIM"
	lab_require 40 "$survivor serves" lab_service_runs "$survivor"
	lab_require 40 "$LAB_VICTIM is back in the ring" lab_members_are "$survivor" 1,2
	lab_require 40 "$LAB_VICTIM is online" lab_peers_online "$survivor"
	sleep 3
}
