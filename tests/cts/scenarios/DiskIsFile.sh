# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A regular file with the bytes of a quorum disk is in the device's place on both nodes: nobody uses it"
LAB_DEVICE=qarb
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_FILE=yes

scenario()
{
	local n
	for n in node1 node2; do
		lab_in "$n" cp "$LAB_DISK_NODE" "/run/lab/$n/image"
		[[ $LAB_FILE == no ]] || lab_in "$n" ln -sf "/run/lab/$n/image" "$LAB_DISK_NODE"
	done
	lab_expect novote node1 node2
	lab_start_together node1 node2
	for n in node1 node2; do
		lab_require 20 "$n says that it is a file" scene_logged "$n" \
			"a regular file, which no other node can share"
	done
	sleep 5
}
