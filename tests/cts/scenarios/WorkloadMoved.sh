# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The administrator moves the service by failback; the weight goes along and decides the split"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node1

scenario()
{
	scene_both_vote
	lab_weigh 10
	lab_require 30 "node1's slot has the weight" lab_slot_weighs node2 node1 10
	lab_expect service stop:node1 start:node2
	lab_qarb_crm node1 failback service --to node2 >"$LAB_DIR/failback.out" 2>&1 ||
		lab_fail "failback: $(tail -n 1 "$LAB_DIR/failback.out")"
	lab_service_runs node2 || lab_fail "failback ended before the service runs on node2"
	! lab_in node1 cibadmin --query | grep -q cli-prefer-service || lab_fail "the constraint is still there"
	lab_require 10 "node2's slot has the weight" lab_slot_weighs node1 node2 10
	lab_require 10 "node1's slot has none" lab_slot_weighs node2 node1 0
	scene_split_weighed node2 node1
}
