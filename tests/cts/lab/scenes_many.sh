# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What scenarios with more than two nodes have in common. A group is node ids with commas: 1,2,3.

# shellcheck disable=SC2086
scene_names() { printf 'node%s\n' ${1//,/ }; }

# Every node has the device's vote.
scene_all_vote()
{
	local n
	# shellcheck disable=SC2046
	lab_expect voted $(lab_node_names)
	for n in $(lab_node_names); do
		lab_require 30 "$n has the vote" lab_votes "$n"
	done
}

# The nodes of a group are a ring of their own, and each has the vote and is quorate.
scene_group_serves()
{
	local n
	for n in $(scene_names "$1"); do
		{ lab_members_are "$n" "$1" && lab_votes "$n" && lab_is_quorate "$n"; } || return 1
	done
}

scene_group_idle()
{
	local n
	for n in $(scene_names "$1"); do
		{ lab_members_are "$n" "$1" && lab_votes_not "$n" && lab_not_quorate "$n"; } || return 1
	done
}

# After a split: WINNER has the vote and never loses its quorum, each LOSER (a group) has it not.
# With fencing the losers are fenced.
scene_group_wins()
{
	local winner=$1 g
	shift
	lab_require 60 "nodes $winner are alone and have the vote" scene_group_serves "$winner"
	for g in "$@"; do
		if [[ $LAB_PACEMAKER == yes && $LAB_FENCING == yes ]]; then
			scene_all_fenced "$g"
		else
			lab_require 30 "nodes $g are alone and have no vote" scene_group_idle "$g"
		fi
	done
}

scene_all_fenced()
{
	local n
	for n in $(scene_names "$1"); do
		lab_require 60 "$n is fenced" lab_was_fenced "$n"
	done
}

# The network is split into groups, of which the first is to win: scene_split_many WINNER LOSER...
scene_split_many()
{
	local winner=$1 g
	scene_all_vote
	# shellcheck disable=SC2046
	lab_expect steady $(scene_names "$winner")
	if [[ $LAB_PACEMAKER == yes && $LAB_FENCING == yes ]]; then
		for g in "${@:2}"; do
			# shellcheck disable=SC2046
			lab_expect fenced $(scene_names "$g")
		done
	fi
	LAB_SINCE=$(lab_now_ns)
	lab_split "$@"
	scene_group_wins "$@"
	sleep 2
	# shellcheck disable=SC2046
	lab_expect voting $(scene_names "$winner")
}

scene_all_ids() { seq -s, 1 "$LAB_NODES"; }

# The cables work again: one ring, and every node has the vote.
scene_heal()
{
	lab_heal
	lab_require 60 "the nodes are one ring again and have the vote" scene_group_serves "$(scene_all_ids)"
	sleep 1
	# shellcheck disable=SC2046
	lab_expect voting $(lab_node_names)
}

# All nodes but one lose power in the same instant, among them the DC, the leader of the disk, the
# ring's representative and the one that serves.
scene_last_man()
{
	local survivor=$1 victims
	victims=$(lab_node_names | grep -vx "$survivor")
	scene_all_vote
	[[ $(lab_disk_leader "$survivor") != "${survivor#node}" ]] ||
		lab_fail "the disk is led by $survivor, which is to survive"
	lab_expect steady "$survivor"
	if [[ $LAB_PACEMAKER == yes ]]; then
		# shellcheck disable=SC2086
		lab_expect fenced $victims
		lab_expect service "start:$survivor"
	fi
	LAB_SINCE=$(lab_now_ns)
	# shellcheck disable=SC2086
	lab_power_off_all $victims
	lab_require 60 "$survivor is alone and has the vote" scene_group_serves "${survivor#node}"
	if [[ $LAB_PACEMAKER == yes ]]; then
		lab_require 90 "$survivor serves" lab_service_runs "$survivor"
		scene_all_fenced "$(echo "${victims//node/}" | paste -sd,)"
	fi
	lab_require 10 "$survivor leads" lab_disk_leader_is "$survivor" "${survivor#node}"
	lab_timeline "$LAB_SINCE" >"$LAB_DIR/timeline"
	lab_expect voting "$survivor"
}

# A node's log, searched from a line number on: scene_logged_since NODE LINE PATTERN
scene_log_length() { wc -l <"$LAB_DIR/$1/log/syslog"; }
scene_logged_since() { tail -n "+$(($2 + 1))" "$LAB_DIR/$1/log/syslog" | grep -q -i -E "$3"; }
