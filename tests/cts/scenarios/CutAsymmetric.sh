# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Two of 3 nodes do not hear each other, or one not the other; the third hears both: never two sides with the vote, and all is well soon after"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_HEALED=yes

# How often a node's corosync formed a ring, and how often one lived until all had agreed in it.
rings_formed() { grep -c 'A new membership' "$LAB_DIR/$1/log/corosync/corosync.log" || :; }
rings_agreed() { grep -c 'Completed service synchronization' "$LAB_DIR/$1/log/corosync/corosync.log" || :; }

# The third node hears those who contradict each other, and totem forms ring after ring that it gives
# up before its members have agreed. As long as it does so there is no quorum, with any quorum device;
# a ring that lives for 3 s has the vote.
asymmetric()
{
	local first formed now agreed still=0 end
	first=$(rings_formed node2) formed=$first agreed=$(rings_agreed node2)
	lab_cut node1 node3 "$1"
	end=$((SECONDS + 15))
	while ((SECONDS < end)); do
		sleep 0.5
		now=$(rings_formed node2)
		((still = now == formed ? still + 1 : 0, formed = now, 1))
		((still < 6 || formed == first || $(rings_agreed node2) == agreed)) || lab_votes node2 ||
			lab_blame voted "node2 is in a ring that lives, and has no vote"
	done
	echo "$1: node2 formed $((formed - first)) rings, of which $(($(rings_agreed node2) - agreed)) lived"
	[[ $LAB_HEALED == no ]] || lab_heal
	lab_demand 20 voting "the nodes are one ring again and have the vote" scene_group_serves 1,2,3
	lab_expect voting node1 node2 node3
	# Until the log, too, says that all have agreed.
	sleep 2
}

scenario()
{
	scene_all_vote
	sleep 2
	asymmetric both
	asymmetric one
}
