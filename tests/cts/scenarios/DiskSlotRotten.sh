# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A copy of the header rots beside running daemons and is written anew; a dead node's slot rots: nobody guesses, the vote goes; disk repair shows it, refuses a living node's, clears it, and the vote is back"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_REPAIR=yes

rotten_is_shown()
{
	lab_in node1 "$LAB_QARBCTL" disk dump "$LAB_DISK_NODE" 2>/dev/null | grep -q "slot 2: no copy verifies"
}

# disk repair with these words ends with an exit code above 0, and says so: refuses PATTERN WORD...
repair_refuses()
{
	local said pattern=$1
	shift
	if said=$(lab_in node1 "$LAB_QARBCTL" disk repair "$@" "$LAB_DISK_NODE" 2>&1); then
		lab_fail "disk repair $* is done: $said"
	fi
	echo "disk repair $*: $said"
	grep -q -i -E "$pattern" <<<"$said" || lab_fail "disk repair $* says: $said"
}

# A copy of the header rots and is written anew beside running daemons: none of them minds.
header_repaired()
{
	local said
	lab_expect casting node1 node2 node3
	dd if=/dev/urandom of="$(<"$LAB_DIR/disk/node1.dev")" bs=4096 count=1 seek=1 oflag=direct \
		conv=notrunc,fsync status=none
	lab_stamp lab fault header-rotten
	! said=$(lab_in node1 "$LAB_QARBCTL" disk repair "$LAB_DISK_NODE" 2>&1) ||
		lab_fail "disk repair finds nothing: $said"
	grep "header copy 1: .*--header" <<<"$said" || lab_fail "disk repair does not show the header: $said"
	lab_in node1 "$LAB_QARBCTL" disk repair --header "$LAB_DISK_NODE" ||
		lab_fail "the header is not repaired"
	lab_in node1 "$LAB_QARBCTL" disk repair "$LAB_DISK_NODE" | grep "nothing to repair" ||
		lab_fail "there is still something to repair"
	sleep 2
	lab_expect maycease node1 node2 node3
}

scenario()
{
	scene_all_vote
	header_repaired
	lab_expect steady node1 node2
	lab_power_off node3
	lab_require 30 "node1 and node2 go on" scene_group_serves 1,2
	sleep 2
	lab_expect unsteady node1 node2
	lab_expect voting node1 node2
	# Both copies of the third slot: two for the header and two for each slot before it.
	dd if=/dev/urandom of="$(<"$LAB_DIR/disk/node1.dev")" bs=4096 count=2 seek=6 \
		oflag=direct conv=notrunc,fsync status=none
	lab_stamp lab fault slot-rotten node3
	lab_require 10 "node1 has no vote: what is not read proves nothing" lab_votes_not node1
	lab_require 10 "node2 has no vote" lab_votes_not node2
	rotten_is_shown || lab_fail "disk dump does not show it"
	repair_refuses "only a rotten one" --clear-slot 2 --confirm
	repair_refuses "confirm" --clear-slot 3
	[[ $LAB_REPAIR == no ]] || lab_in node1 "$LAB_QARBCTL" disk repair --clear-slot 3 --confirm "$LAB_DISK_NODE" ||
		lab_fail "the slot of a dead node is not cleared"
	lab_require 30 "node1 has the vote again" lab_votes node1
	lab_require 30 "node2 has the vote again" lab_votes node2
}
