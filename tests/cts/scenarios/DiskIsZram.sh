# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Memory as a block device (zram) with the bytes of a quorum disk is in the disk's place on both nodes: nobody uses it, the log says why"
LAB_DEVICE=qarb
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_ZRAM=yes

scenario()
{
	local n
	[[ $LAB_ZRAM == no ]] || lab_disk_zram
	lab_expect novote node1 node2
	lab_start_together node1 node2
	for n in node1 node2; do
		lab_demand 20 novote "$n says that it is memory" scene_logged "$n" \
			"zram[0-9]+ is zram, memory of this node alone: .*: not used"
	done
	sleep 5
}
