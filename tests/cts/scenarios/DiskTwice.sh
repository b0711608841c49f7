# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A disk is named by its label, and two disks have that label: neither is used, one line names both"
LAB_DEVICE=qarb
LAB_ARBITER="label: lab"
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_SECOND_LABEL=lab

scenario()
{
	local n
	truncate -s 4M "$LAB_RAM/second.img"
	lab_disk_add second.img node1 node2
	lab_in node2 "$LAB_QARBCTL" disk init --label "$LAB_SECOND_LABEL" --cluster lab --nodes 1,2 \
		"/dev/${LAB_LOOP##*/}" >>"$LAB_DIR/log/disk-init.log" 2>&1
	lab_expect novote node1 node2
	lab_start_together node1 node2
	for n in node1 node2; do
		lab_require 20 "$n names both disks" scene_logged "$n" \
			"two disks have this label, /dev/disk/by-id/lab-disk0 and /dev/loop[0-9]+"
	done
	sleep 5
}
