# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The cable between two nodes fails and works again a dozen times: the vote never flaps where it is, never two sides have it"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local ms
	scene_both_vote
	lab_expect steady node1
	for ms in 2500 300 3000 900 2300 100 4000 1500 2600 500 3500 1100; do
		lab_cut node1 node2
		sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
		lab_heal
		sleep "$((ms * 7 % 3000 / 1000)).$(printf %03d $((ms * 7 % 1000)))"
	done
	scene_heal
}
