# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
SCENARIO_TEXT="The disk of one node goes, and another quorum disk of the cluster comes under its path: not used, the log says why; with the right one the vote is back"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_REPLACED=yes

scenario()
{
	local right
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	right=$(<"$LAB_DIR/disk/node1.dev")
	lab_disk_fail node1
	lab_disk_detach node1
	lab_demand 5 novote "node1 has no vote without its disk" lab_votes_not node1
	lab_expect novote node1
	if [[ $LAB_REPLACED == yes ]]; then
		# Of the same label, cluster and nodes: another by its UUID alone.
		truncate -s "${LAB_DISK_MB}M" "$LAB_RAM/other.img"
		lab_loop "$LAB_RAM/other.img"
		echo "$LAB_LOOP" >"$LAB_DIR/disk/node1.dev"
		lab_disk_attach node1
		lab_in node1 "$LAB_QARBCTL" disk init --label lab --cluster lab --nodes 1,2 "$LAB_DISK_NODE" \
			>>"$LAB_DIR/log/disk-init.log" 2>&1 || lab_fail "disk init: $(tail -n 1 "$LAB_DIR/log/disk-init.log")"
		lab_stamp node1 fault disk-replaced
		lab_demand 10 told "node1 says that it is another disk" scene_logged node1 \
			"another quorum disk than the one that was used: not used until the daemon restarts"
	else
		lab_disk_replug node1
	fi
	sleep 8
	lab_expect mayvote node1
	lab_disk_detach node1
	echo "$right" >"$LAB_DIR/disk/node1.dev"
	lab_disk_attach node1
	lab_disk_repair node1
	lab_require 30 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}
