# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What several scenarios have in common: two nodes, one disk, qarbd on both.

# Both nodes have the device's vote.
scene_both_vote()
{
	lab_expect voted node1 node2
	lab_require 20 "node1 has the vote" lab_votes node1
	lab_require 20 "node2 has the vote" lab_votes node2
}

# node2 loses power, is fenced and stays without cluster: node1 is the sole survivor.
scene_sole()
{
	scene_both_vote
	lab_expect steady node1
	lab_expect fenced node2
	lab_power_off node2
	lab_require 20 "node2 is fenced" lab_was_fenced node2
	lab_require 20 "node1 is alone and has the vote" scene_alone_with_vote node1
	sleep 1
}

scene_alone_with_vote()
{
	lab_members_are "$1" "${1#node}" && lab_votes "$1" && lab_is_quorate "$1"
}

# Is the process of that name another one than before? scene_renewed NODE NAME OLD-PIDS
scene_renewed()
{
	local now
	now=$(lab_pids_of "$1" "$2")
	[[ -n $now && $now != "$3" ]]
}

# Kill a process of qarbd; the guardian starts it again.
scene_kill()
{
	local node=$1 name=$2 old
	old=$(lab_pids_of "$node" "$name")
	lab_fault_signal "$node" KILL "$name"
	lab_demand 10 respawn "$name on $node was started again" scene_renewed "$node" "$name" "$old"
}

# Stop a process of qarbd for some seconds and let it go on.
scene_stop()
{
	lab_fault_signal "$1" STOP "$2"
	sleep "$3"
	lab_fault_signal "$1" CONT "$2"
}

# The daemon, whose guardian is gone, is started again, as the service manager does.
scene_guardian_killed()
{
	local p
	lab_stamp "$1" fault voter-dead
	lab_fault_signal "$1" KILL qarbd
	for p in qarbd-decider qarbd-voter qarbd-disk0 qarbd-service; do
		lab_require 10 "$p on $1 ends without its guardian" lab_not_running "$1" "$p"
	done
	lab_require 10 "$1 has no vote without qarbd" lab_votes_not "$1"
	sleep 1
	lab_device_start "$1"
	lab_require 20 "$1 has the vote again" lab_votes "$1"
	lab_stamp "$1" fault voter-alive
}

# Both nodes are up: killing this process on node1 costs nobody the vote.
scene_component_fail()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	scene_kill node1 "$1"
	sleep 3
	scene_kill node2 "$1"
	sleep 3
	lab_expect voting node1 node2
}

# Both nodes are up: stopping this process costs at most the own vote, for a while.
scene_component_stop()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_fault_signal node1 STOP "$1"
	case $1 in
	# Nothing but the own hold, or corosync's timer, ends what was polled last.
	qarbd-decider | qarbd-voter | qarbd-disk0)
		lab_demand 5 novote "node1 gives up the vote" lab_votes_not node1
		;;
	esac
	sleep 5
	lab_fault_signal node1 CONT "$1"
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}

scene_sole_fail()
{
	scene_sole
	lab_expect casting node1
	scene_kill node1 "$1"
	sleep 3
	lab_expect voting node1
}

# On the sole survivor what feeds the vote stops for longer than any hold: quorum goes, and the
# service with it, and both come back.
scene_sole_stop_loses()
{
	scene_sole
	lab_expect unsteady node1
	lab_expect service stop:node1 start:node1
	lab_fault_signal node1 STOP "$1"
	lab_require 10 "node1 loses quorum" lab_not_quorate node1
	lab_require 20 "the service stops" scene_service_stopped node1
	lab_fault_signal node1 CONT "$1"
	lab_require 20 "node1 is quorate again" lab_is_quorate node1
	lab_require 20 "the service runs again" lab_service_runs node1
	lab_expect voting node1
}

scene_service_stopped() { ! lab_service_runs "$1"; }

# On the sole survivor a process stops that the vote does not need.
scene_sole_stop_keeps()
{
	scene_sole
	lab_expect casting node1
	scene_stop node1 "$1" 5
	sleep 1
	lab_expect voting node1
}

# The cable between the nodes is cut both ways: the winner keeps quorum, the loser is fenced.
scene_split()
{
	local winner=$1 loser=$2
	scene_both_vote
	lab_expect steady "$winner"
	lab_expect fenced "$loser"
	lab_cut node1 node2
	lab_require 20 "$loser is fenced" lab_was_fenced "$loser"
	lab_require 10 "$winner has the vote" scene_alone_with_vote "$winner"
	sleep 2
	lab_expect voting "$winner"
}

# Lines about a fact in a node's logs: scene_log_lines NODE PATTERN
scene_log_lines()
{
	grep -h -i -E -c "$2" "$LAB_DIR/$1/log/syslog" || :
}

scene_logged() { (($(scene_log_lines "$1" "$2") > 0)); }

# Does the node's slot on the disk tell of these times? scene_told NODE hold|poll|d|interval MS
scene_told()
{
	[[ $(lab_in "$1" "$LAB_QARBCTL" disk dump --output-as=json "$LAB_DISK_NODE" |
		jq "first(.. | objects | select(.node? == ${1#node} and has(\"timings_ms\")) |
			.timings_ms.$2)") == "$3" ]]
}

# Other times for all: scene_times DEAD_MS TIMEOUT SYNC_TIMEOUT
# shellcheck disable=SC2034
scene_times()
{
	LAB_DEAD_MS=$1 LAB_TIMEOUT=$2 LAB_SYNC_TIMEOUT=$3
	lab_reload "dead_ms $1"
}

scene_worker_hangs()
{
	local pid
	for pid in $(lab_pids_of "$1" qarbd-disk0); do
		[[ $(lab_in "$1" sed 's/.*) //; s/ .*//' "/proc/$pid/stat" 2>/dev/null) != D ]] || return 0
	done
	return 1
}

# The disks of these nodes are mended after so long, and both nodes vote.
scene_disks_back()
{
	local n
	sleep "$1"
	shift
	for n in "$@"; do
		lab_disk_repair "$n"
	done
	for n in "$@"; do
		lab_require 30 "$n has the vote again" lab_votes "$n"
	done
	lab_expect voting node1 node2
}

# The paths of these nodes hang for so long, with their workers in D state and, if asked for, their
# deciders killed meanwhile. Both nodes are in one ring, which is quorate without the device.
scene_disk_stall()
{
	local seconds=$1 kill=$2 n
	shift 2
	scene_both_vote
	lab_expect steady node1 node2
	[[ $* == *node2* ]] || lab_expect casting node2
	for n in "$@"; do
		lab_disk_stall "$n"
	done
	for n in "$@"; do
		lab_demand 5 novote "$n has no vote without its disk" lab_votes_not "$n"
		lab_require 5 "the worker on $n is in D state" scene_worker_hangs "$n"
		[[ $kill == no ]] || scene_kill "$n" qarbd-decider
	done
	scene_disks_back "$seconds" "$@"
}

# The paths of these nodes answer every request with an error, for so long.
scene_disk_error()
{
	local seconds=$1 n
	shift
	scene_both_vote
	lab_expect steady node1 node2
	[[ $* == *node2* ]] || lab_expect casting node2
	for n in "$@"; do
		lab_disk_fail "$n"
	done
	for n in "$@"; do
		lab_demand 5 novote "$n has no vote without its disk" lab_votes_not "$n"
	done
	scene_disks_back "$seconds" "$@"
}

# corosync on node2 gets a signal that ends it, and is started again while qarbd goes on.
scene_restart_corosync()
{
	scene_both_vote
	lab_expect steady node1
	lab_fault_signal node2 "$1" corosync
	lab_require 20 "corosync on node2 ends" lab_not_running node2 corosync
	lab_require 15 "node1 is alone and has the vote" scene_alone_with_vote node1
	sleep 2
	lab_corosync_start node2
	lab_expect voted node2
	lab_require 20 "node2 is in the ring again" lab_members_are node1 1,2
	lab_require 20 "node2 has the vote again" lab_votes node2
	sleep 2
	lab_expect voting node1 node2
}

# ---- the loop of the deciding process, where shim_loop.so is preloaded and writes /var/log/loop

SCENE_LOOP_GAP_MS=250 # of a loop that waits for nothing, on a busy machine

# The worst gap of a node's loop between two moments: scene_loop_gap_ms NODE FROM-NS TO-NS
scene_loop_gap_ms()
{
	awk -v from="$2" -v to="$3" '
		$1 + 0 >= from + 0 && $1 + 0 <= to + 0 {
			n++
			for (i = 2; i <= 3; i++)
				if ($i + 0 > worst)
					worst = $i + 0
		}
		END {
			if (n)
				printf "%.1f\n", worst / 1000
			else
				print "-"
		}' "$LAB_DIR/$1/log/loop"
}

# A machine that stands still holds up both: scene_loop_judge WHEN NODE1-MS NODE2-MS
scene_loop_judge()
{
	[[ $2 != - && $3 != - ]] || lab_fail "$1: the loops were not sampled"
	awk -v g="$2" -v o="$3" -v most="$SCENE_LOOP_GAP_MS" \
		'BEGIN { exit !(g + 0 <= most + 0 || g + 0 <= 2 * o) }' ||
		lab_blame loop "$1: node1's deciding process was held up for $2 ms"
}

# node1's loop was not held up since then: scene_loop_kept WHEN FROM-NS
scene_loop_kept()
{
	local to
	to=$(lab_now_ns)
	scene_loop_judge "$1" "$(scene_loop_gap_ms node1 "$2" "$to")" "$(scene_loop_gap_ms node2 "$2" "$to")"
}

# What `disk probe` measures on a node's path in 8 s: a read takes at least so many ms, also in the
# mean. scene_probe_sees NODE MS
scene_probe_sees()
{
	local said
	said=$(lab_in "$1" "$LAB_QARBCTL" disk probe --seconds 8 --output-as=json "$LAB_DISK_NODE") ||
		lab_fail "disk probe on $1: exit $?"
	jq -e --argjson ms "$2" '.read.count > 10 and .read.mean_us >= $ms * 1000 and
		.read.worst_us >= .read.mean_us' <<<"$said" >/dev/null ||
		lab_blame probe "disk probe on $1 does not see $2 ms: $said"
}
