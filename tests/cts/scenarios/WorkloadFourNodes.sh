# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Four nodes split 2:2; the half with the service wins against tie_breaker, without a restart"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_SERVICE_NODE=node3

scenario()
{
	local n
	for n in node1 node2 node3 node4; do
		lab_require 30 "$n has the vote" lab_votes "$n"
	done
	lab_weigh 10
	lab_require 30 "node3's slot has the weight" lab_slot_weighs node1 node3 10
	lab_expect voted node3 node4
	lab_expect steady node3 node4
	lab_expect fenced node1 node2
	for n in node1 node2; do
		lab_cut "$n" node3
		lab_cut "$n" node4
	done
	lab_require 40 "node1 is fenced" lab_was_fenced node1
	lab_require 40 "node2 is fenced" lab_was_fenced node2
	lab_require 10 "node3 has the vote" lab_votes node3
	sleep 2
	lab_expect voting node3 node4
}
