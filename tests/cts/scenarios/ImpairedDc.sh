# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="4 nodes, the DC loses its path to the disk and is in the winning partition of a split: shown as impaired, not counted, evicted, and the winners serve"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_DISK=faulty
LAB_BRIDGE=yes
LAB_DC=node1
LAB_SERVICE_NODE=node4
LAB_SERVICE_NEXT=node2

impaired_is_shown()
{
	lab_status "$1" | jq -e '.attention[] |
		select(.id == "impaired" and .level == "error" and .node_id == 1)' >/dev/null
}

# Of three members of the winning ring two were counted.
impaired_is_not_counted()
{
	lab_in "$1" "$LAB_QARBCTL" why --output-as=json | jq -e '.arbiters[0].decision |
		.step == "size" and (.contenders[.winner] | .votes == 2 and .member_count == 3)' \
		>/dev/null
}

winners_have_the_vote()
{
	lab_members_are node2 1,2,3 && lab_votes node2 && lab_is_quorate node2 &&
		lab_members_are node3 1,2,3 && lab_votes node3 && lab_is_quorate node3
}

scenario()
{
	local n
	scene_all_vote
	scene_bridges
	lab_disk_fail node1
	lab_require 10 "node1 has no vote without its disk" lab_votes_not node1
	lab_expect steady node2 node3
	lab_expect fenced node1 node4
	lab_expect service stop:node4? start:node2
	lab_expect voting node2 node3
	lab_split 1,2,3 4
	lab_require 20 "node2 and node3 have the vote in a ring with node1" winners_have_the_vote
	lab_require 7 "node1 is still the DC" lab_dc_is node1 node2
	lab_require 5 "node1 is not quorate without the vote" lab_not_quorate node1
	for n in node2 node3; do
		lab_require 5 "$n shows node1 as impaired" impaired_is_shown "$n"
	done
	lab_require 5 "the decision is by two votes of three members" impaired_is_not_counted node2
	lab_require 40 "node1 is evicted" lab_was_fenced node1
	lab_require 90 "node4 is fenced" lab_was_fenced node4
	lab_require 90 "node2 serves" lab_service_runs node2
}
