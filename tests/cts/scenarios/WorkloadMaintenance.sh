# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Under maintenance, when nothing is monitored, the weight stays; afterwards it decides the split"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node2

scenario()
{
	scene_both_vote
	lab_weigh 10
	lab_require 30 "node2's slot has the weight" lab_slot_weighs node1 node2 10
	lab_in node1 crm_attribute --name maintenance-mode --update true
	sleep 12 # four leases
	lab_slot_weighs node1 node2 10 || lab_blame weight "the weight is gone under maintenance"
	lab_in node1 crm_attribute --name maintenance-mode --update false
	sleep 3
	lab_slot_weighs node1 node2 10 || lab_blame weight "the weight is gone after maintenance"
	scene_split_weighed node2 node1
}
