# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A lone start with wait_for_all: status names who is missing and how to cancel, and cancelling so gives quorum"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_DEVICE_LINES='    }
    wait_for_all: 1
    device {'

wait_is_told() { lab_in node1 "$LAB_QARBCTL" status | grep -q 'wait_for_all.*missing: 2 (node2).*cancel'; }

wait_is_over() { lab_in node1 "$LAB_QARBCTL" status --output-as=json | jq -e '.wait_for_all == "on"' >/dev/null; }

scenario()
{
	scene_both_vote
	lab_cluster_stop node2
	lab_cluster_stop node1
	lab_cluster_start node1
	lab_require 20 "node1 has the vote" lab_votes node1
	lab_demand 20 told "node1 says whom corosync waits for" wait_is_told
	sleep 2
	lab_not_quorate node1 || lab_fail "node1 is quorate, though wait_for_all waits"
	lab_in node1 corosync-cmapctl -s quorum.cancel_wait_for_all u8 1
	lab_require 10 "node1 is quorate" lab_is_quorate node1
	lab_require 10 "node1 says that the wait is over" wait_is_over
	lab_expect voting node1
}
