# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A round by hand: a node that the split leaves without the vote has a member that is dead on the disk, and evicts nobody"
SCENARIO_SECONDS=400
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_NODES=3
LAB_DISK=faulty
LAB_REBOOTS=yes
LAB_AUTOSTART=yes
LAB_EVICT_AFTER=3000

# node1 wins the split, as node3 cannot cast, and its Pacemaker fences the others, or at first the one
# that was DC. (Before the ring is known to be split nobody has been silent for evict_after: node1 has
# nothing to order.) That the fencing devices hang leaves node2 the time to order an eviction of node3,
# were the vote not needed.
rounds_plan()
{
	ROUND_TARGET=node3 ROUND_EVICTOR=node1 ROUND_FENCED='' ROUND_MAY="node2 node3" ROUND_STEADY=node1
	ROUND_STEPS=$(
		cat <<-END
			0 bmc-stop node2
			0 bmc-stop node3
			0 split 1 2,3
			1500 disk-fail node3
			13000 bmc-go node2
			13000 bmc-go node3
		END
	)
}

scenario()
{
	rounds_all
	# What the audit of a round judges by: without these lines it would have nothing to find.
	rounds_recorded node1 wants 'node[23]'
}

scenario_audit() { rounds_audit; }
