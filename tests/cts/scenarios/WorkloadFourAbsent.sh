# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Four nodes split 2:2 without a weight: tie_breaker's half wins, and the service moves there"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_SERVICE_NODE=node3
LAB_SERVICE_NEXT=node1

scenario()
{
	local n
	for n in node1 node2 node3 node4; do
		lab_require 30 "$n has the vote" lab_votes "$n"
	done
	# The loser does not get to stop it before it is fenced, fast or slow.
	lab_in node1 crm_attribute --name no-quorum-policy --update freeze
	lab_expect voted node1 node2
	lab_expect steady node1 node2
	lab_expect fenced node3 node4
	lab_expect service start:node1
	lab_split 1,2 3,4
	lab_require 40 "node3 is fenced" lab_was_fenced node3
	lab_require 40 "node4 is fenced" lab_was_fenced node4
	lab_require 20 "node1 serves" lab_service_runs node1
	sleep 2
	lab_expect voting node1 node2
}
