# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Each node has a private copy of the disk: nobody gets the vote, nobody is fenced, both say so"
LAB_DEVICE=qarb
LAB_DISK=private

scenario()
{
	lab_expect novote node1 node2
	lab_expect steady node1 node2
	lab_require 30 "node1 says that the disk is not shared" scene_logged node1 "not.shared"
	lab_require 30 "node2 says that the disk is not shared" scene_logged node2 "not.shared"
	sleep 10
}
