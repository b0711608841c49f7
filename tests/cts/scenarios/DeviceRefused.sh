# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The device is configured for a corosync that began with auto_tie_breaker: it is told which key forbids it, and works when corosync was started again"
LAB_DEVICE=absent
LAB_QUORUM="    auto_tie_breaker: 1"
LAB_RESTART=yes
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local n
	LAB_DEVICE=qarb LAB_QUORUM=
	lab_disk_format
	lab_reload "the device, and no auto_tie_breaker"
	lab_expect voted node1 node2
	for n in node1 node2; do
		lab_device_start "$n"
		lab_require 10 "$n names the key" scene_logged "$n" \
			"quorum.auto_tie_breaker = 1: corosync refuses a quorum device"
	done
	for n in node1 node2; do
		[[ $LAB_RESTART == yes ]] || continue
		lab_signal "$n" TERM corosync
		lab_require 20 "corosync on $n ends" lab_not_running "$n" corosync
		lab_corosync_start "$n"
		lab_require 20 "$n has the device" scene_logged "$n" "has taken the quorum device"
	done
	scene_both_vote
	for n in node1 node2; do
		[[ $(scene_log_lines "$n" "corosync refuses a quorum device") -eq 1 ]] ||
			lab_fail "$n repeats itself"
	done
	lab_expect voting node1 node2
}
