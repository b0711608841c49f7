# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
SCENARIO_TEXT="The only disk is gone for good and one node is left: by the list in operations.md it gets quorum by hand, then a new disk and the vote, and its service is stopped once"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_SECTION=deleted

reload()
{
	lab_in node1 corosync-cfgtool -R >"$LAB_DIR/reload.out" 2>&1 || lab_fail "corosync-cfgtool -R: $(<"$LAB_DIR/reload.out")"
	sleep 1
}

by_hand()
{
	lab_in node1 cp /etc/corosync/corosync.conf /etc/corosync/with-qarb.conf
	[[ $LAB_SECTION != deleted ]] || lab_in node1 sed -i '/^    device {/,/^    }/d' /etc/corosync/corosync.conf
	reload
	lab_in node1 corosync-quorumtool -e 1 >>"$LAB_DIR/log/quorumtool.log" 2>&1 || lab_fail "corosync-quorumtool -e 1 failed"
	lab_demand 5 counted "node1 is quorate by hand" lab_is_quorate node1
}

maintenance() { lab_in node1 crm_attribute --name maintenance-mode "$@" >>"$LAB_DIR/log/maintenance.log" 2>&1; }

new_disk()
{
	lab_disk_detach node1
	truncate -s "${LAB_DISK_MB}M" "$LAB_RAM/new.img"
	lab_loop "$LAB_RAM/new.img"
	echo "$LAB_LOOP" >"$LAB_DIR/disk/node1.dev"
	lab_disk_attach node1
	lab_in node1 "$LAB_QARBCTL" disk init --config=/etc/corosync/with-qarb.conf --label=lab "$LAB_DISK_NODE" \
		>>"$LAB_DIR/log/disk-init.log" 2>&1 || lab_fail "disk init: $(tail -n 1 "$LAB_DIR/log/disk-init.log")"
}

scenario()
{
	scene_both_vote
	lab_expect service stop:node1 start:node1
	lab_expect fenced node2
	lab_disk_fail node1
	lab_disk_fail node2
	lab_require 10 "node1 has no vote" lab_votes_not node1
	lab_require 1 "two nodes have quorum without the disk" lab_is_quorate node1
	lab_power_off node2
	lab_require 20 "node1 loses quorum" lab_not_quorate node1
	lab_require 20 "the service stops" scene_service_stopped node1
	lab_signal node1 TERM qarbd
	lab_require 30 "qarbd ends" lab_not_running node1 qarbd
	by_hand
	lab_require 30 "node2 is fenced" lab_was_fenced node2
	lab_require 30 "the service runs" lab_service_runs node1
	maintenance --update true || lab_fail "no maintenance mode"
	new_disk
	lab_in node1 mv /etc/corosync/with-qarb.conf /etc/corosync/corosync.conf
	reload
	lab_device_start node1
	lab_require 120 "node1 has the vote" lab_votes node1
	lab_require 5 "node1 is quorate by its own count" lab_is_quorate node1
	maintenance --delete || lab_fail "maintenance mode does not end"
	sleep 5
	lab_require 1 "the service runs on" lab_service_runs node1
	lab_expect voting node1
}
