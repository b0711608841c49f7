# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A cluster goes over from corosync-qdevice, which is still there when qarbd starts: it is named, and qarbd has the vote once it is gone"
LAB_DEVICE=net
LAB_PACEMAKER=no
LAB_FENCING=no

# The log and the status name the other device.
taken_is_told()
{
	scene_logged "$1" "corosync has the quorum device 'Qdevice' registered" &&
		lab_status "$1" | jq -e '.attention[] | select(.id == "not-registered") |
			.text | contains("'"'Qdevice'"'")' >/dev/null
}

scenario()
{
	local n
	lab_expect voted node1 node2
	lab_expect steady node1 node2
	for n in node1 node2; do
		lab_require 20 "$n has the vote of corosync-qdevice" lab_votes "$n"
	done
	LAB_DEVICE=qarb
	lab_disk_format
	lab_reload "model qarb instead of net"
	for n in node1 node2; do
		lab_device_start "$n"
		lab_require 10 "$n names the other device" taken_is_told "$n"
	done
	sleep 2
	lab_expect voting node1 node2
	for n in node1 node2; do
		lab_fault_signal "$n" TERM corosync-qdevice
		lab_require 20 "corosync-qdevice on $n ends" lab_not_running "$n" corosync-qdevice
	done
	for n in node1 node2; do
		lab_require 20 "$n has the device" scene_logged "$n" "has taken the quorum device"
		lab_require 20 "$n has the vote of qarbd" lab_votes "$n"
		[[ $(scene_log_lines "$n" "quorum device '.*' registered") -eq 1 ]] ||
			lab_fail "$n repeats itself"
	done
}
