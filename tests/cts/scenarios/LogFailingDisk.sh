# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
SCENARIO_TEXT="One node's disk fails for a minute, and off and on for another: a line an edge, then one a minute with counts"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_PACEMAKER=no
LAB_FENCING=no

# Lines of node1's daemon that name the arbiter.
log_lines() { grep -c 'arbiter=' "$LAB_DIR/node1/log/syslog"; }
log_counts() { grep -c 'repeated arbiter=san1 within_s=60 .*failed=[1-9]' "$LAB_DIR/node1/log/syslog" || :; }

scenario()
{
	local before lines cycles=0 end
	scene_both_vote
	lab_expect steady node2
	lab_expect casting node2
	before=$(log_lines)
	lab_disk_fail node1
	lab_require 5 "node1 has no vote without its disk" lab_votes_not node1
	sleep 60
	lines=$(($(log_lines) - before))
	((lines >= 2 && lines <= 5)) || lab_blame log "$lines lines about a disk that failed once, for 60 s"
	lab_disk_repair node1
	lab_require 30 "node1 has the vote again" lab_votes node1

	before=$(log_lines)
	end=$((SECONDS + 65))
	while ((SECONDS < end)); do
		lab_disk_fail node1
		sleep 1
		lab_disk_repair node1
		lab_require 30 "node1 has the vote again" lab_votes node1
		((++cycles))
	done
	lines=$(($(log_lines) - before))
	echo "$lines lines about $cycles failures"
	((cycles >= 10)) || lab_fail "only $cycles failures in 65 s"
	((lines <= 12)) || lab_blame log "$lines lines about one arbiter that fails again and again"
	(($(log_counts) >= 1)) || lab_blame log "no line of counts after a minute"
	(($(log_counts) <= 2)) || lab_blame log "more than one line of counts a minute"
	lab_expect voting node1 node2
}
