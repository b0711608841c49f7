# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="One node's corosync.conf has another tie_breaker: both nodes tell which one differs, once, until it is mended; no vote is lost"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

differs_is_told()
{
	lab_status "$1" | jq -e --argjson id "$2" '.attention[] |
		select(.id == "configuration-differs" and .node_id == $id)' >/dev/null
}

nothing_differs() { lab_status "$1" | jq -e '.vote and .attention == []' >/dev/null; }

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	lab_expect voting node1 node2
	# Each node's corosync reads its own file.
	lab_in node2 sed -i 's/tie_breaker: lowest/tie_breaker: highest/' /etc/corosync/corosync.conf
	lab_stamp lab fault reload "another tie_breaker on node2 alone"
	lab_require 5 "node1 takes the reload" lab_reload_taken
	lab_require 10 "node1 tells that node2 differs" differs_is_told node1 2
	lab_require 10 "node2 tells that node1 differs" differs_is_told node2 1
	lab_demand 5 told "the log of node1 tells it" scene_logged node1 "configuration-differs .*node=2"
	lab_demand 5 told "the log of node2 tells it" scene_logged node2 "configuration-differs .*node=1"
	sleep 3
	[[ $(scene_log_lines node1 configuration-differs) -eq 1 ]] || lab_fail "node1 repeats itself"
	lab_reload "the same on both"
	lab_require 10 "nothing differs on node1" nothing_differs node1
	lab_require 10 "nothing differs on node2" nothing_differs node2
}
