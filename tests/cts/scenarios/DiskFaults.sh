# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2016,SC2153
SCENARIO_TEXT="One node's disk errs, transfers halves, hangs for two minutes, vanishes and returns: its deciding process is never held up"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_PRELOAD=$LAB_BIN/shim_loop.so
LAB_QARBD_ENV="QARB_LOOP_FILE=/var/log/loop QARB_SHORT_FILE=/run/lab-short"
SCENARIO_SECONDS=480

# What needs attention, as the answer says it.
status_said()
{
	lab_in "$1" "$LAB_QARBCTL" status |
		awk '/^(error|warning)/ { printf "%s%s", n++ ? "; " : "", $0 } END { if (!n) print "nothing" }'
}

short_transfer()
{
	lab_in "$1" sh -c 'echo "$1" >/run/lab-short' sh "$2"
	lab_stamp "$1" fault disk-short "$2"
}

short_end()
{
	lab_in "$1" rm -f /run/lab-short
	lab_stamp "$1" fault disk-short end
}

vanish()
{
	lab_disk_fail "$1"
	lab_disk_detach "$1"
}

nothing() { :; }

# One line of the table: phase NAME SECONDS vote|no-vote BEGIN END, commands that take a node.
phase()
{
	local name=$1 seconds=$2 vote=$3 begin=$4 end=$5 from to gap other said
	from=$(lab_now_ns)
	# shellcheck disable=SC2086 # words of a command
	$begin node1 ${6:-}
	[[ $vote == vote ]] || lab_require 10 "$name: node1 has no vote" lab_votes_not node1
	sleep "$seconds"
	said=$(status_said node1)
	$end node1
	lab_require 30 "$name: node1 has the vote" lab_votes node1
	sleep 0.3
	to=$(lab_now_ns)
	gap=$(scene_loop_gap_ms node1 "$from" "$to")
	other=$(scene_loop_gap_ms node2 "$from" "$to")
	printf '  %-22s %5s s  %8s ms  %8s ms  %s\n' "$name" "$seconds" "$gap" "$other" "$said" \
		>>"$LAB_DIR/timeline"
	scene_loop_judge "$name" "$gap" "$other"
}

# That the samples show what they are to show: the deciding process stands still for 0.4 s.
see_a_stop()
{
	local from gap
	from=$(lab_now_ns)
	scene_stop node1 qarbd-decider 0.4
	sleep 0.5
	gap=$(scene_loop_gap_ms node1 "$from" "$(lab_now_ns)")
	# The timer is due up to an interval (113 ms) after the stop began.
	awk -v g="$gap" 'BEGIN { exit !(g + 0 >= 280) }' ||
		lab_fail "a stop of 400 ms was sampled as $gap ms"
	printf '  %-22s %5s s  %8s ms\n' "(stopped, as a proof)" 0.4 "$gap" >>"$LAB_DIR/timeline"
	lab_require 10 "node1 has the vote" lab_votes node1
}

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	printf '  %-22s %7s  %11s  %11s  %s\n' fault for "worst gap" "other node" "status of the node" \
		>"$LAB_DIR/timeline"
	phase none 5 vote nothing nothing
	see_a_stop
	phase "reads fail" 5 no-vote lab_disk_fail lab_disk_repair read
	phase "writes fail" 5 no-vote lab_disk_fail lab_disk_repair write
	phase "half reads" 5 no-vote short_transfer short_end read
	phase "half writes" 5 no-vote short_transfer short_end write
	phase "every answer in 0.7 s" 5 no-vote lab_disk_slow lab_disk_repair 700
	phase hangs 125 no-vote lab_disk_stall lab_disk_repair
	phase "gone, and another" 15 no-vote vanish lab_disk_replug
	lab_expect voting node1 node2
}
