# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Two services of different weight on the two sides: the heavier side wins the split"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node2

scenario()
{
	scene_both_vote
	lab_configure_live node1 '<resources><primitive id="light" class="ocf" provider="pacemaker" type="Dummy"/>
		</resources><constraints><rsc_location id="light-at" rsc="light" node="node1" score="100"/></constraints>'
	lab_weigh 10
	lab_weigh 4 light
	lab_require 30 "node2's slot has its weight" lab_slot_weighs node1 node2 10
	lab_require 30 "node1's slot has its weight" lab_slot_weighs node2 node1 4
	scene_split_weighed node2 node1
}
