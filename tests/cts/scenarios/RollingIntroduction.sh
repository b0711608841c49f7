# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is started on one node after the other of a running cluster of 3, which never loses its quorum"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_DEVICE_NODES=none

scenario()
{
	local n
	lab_expect steady node1 node2 node3
	lab_expect voted node1 node2 node3
	for n in node2 node1 node3; do
		lab_device_start "$n"
		lab_require 20 "$n has the vote" lab_votes "$n"
		sleep 2
		lab_expect casting "$n"
	done
	lab_expect voting node1 node2 node3
}
