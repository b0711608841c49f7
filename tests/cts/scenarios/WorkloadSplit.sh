# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The cable is cut; the service, with a weight, is not on tie_breaker's node: it is not restarted"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node2

scenario()
{
	scene_both_vote
	lab_weigh 10
	lab_require 30 "node2's slot has the weight" lab_slot_weighs node1 node2 10
	scene_split_weighed node2 node1
}
