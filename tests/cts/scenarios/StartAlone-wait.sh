# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="One of 3 nodes starts alone with wait_for_all: it gets the vote, is quorate only when an administrator cancels the wait"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_START_NODES=none
LAB_WAIT_FOR_ALL=1
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	lab_start_together node2
	lab_expect voted node2
	lab_require 40 "node2 has the vote" lab_votes node2
	sleep 5
	lab_not_quorate node2 || lab_blame quorate "node2 is quorate though it waits for all"
	lab_in node2 corosync-cmapctl -s quorum.cancel_wait_for_all u8 1
	lab_require 10 "node2 is quorate" lab_is_quorate node2
	lab_expect steady node2
	sleep 2
	lab_expect voting node2
}
