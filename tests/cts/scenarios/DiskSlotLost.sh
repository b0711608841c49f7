# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A member's slot rots while its daemon is stopped: the daemon that starts does not guess; cleared while its corosync is stopped, the vote is back, on it too"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_REPAIR=yes

lost_repair() { lab_in node1 "$LAB_QARBCTL" disk repair --clear-slot 3 --confirm "$LAB_DISK_NODE"; }

scenario()
{
	local said
	scene_all_vote
	lab_device_stop node3
	# Both copies of the third slot: two for the header and two for each slot before it.
	dd if=/dev/urandom of="$(<"$LAB_DIR/disk/node1.dev")" bs=4096 count=2 seek=6 \
		oflag=direct conv=notrunc,fsync status=none
	lab_stamp lab fault slot-rotten node3
	lab_device_start node3
	lab_require 20 "node3 says that it needs repair" scene_logged node3 "own-slot-unreadable: .*slot=2"
	lab_require 10 "node1 has no vote: what is not read proves nothing" lab_votes_not node1
	! said=$(lost_repair 2>&1) || lab_fail "a member's slot is cleared: $said"
	grep -q "stop corosync on node 3" <<<"$said" || lab_fail "disk repair says: $said"
	lab_cluster_stop node3
	[[ $LAB_REPAIR == no ]] || lost_repair ||
		lab_fail "the slot is not cleared while the corosync of its node is stopped"
	lab_demand 30 voting "node1 has the vote again" lab_votes node1
	lab_demand 30 voting "node2 has the vote again" lab_votes node2
	lab_cluster_start node3
	scene_all_vote
	lab_expect voting node1 node2 node3
}
