# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The same without a weight: tie_breaker's node wins, and the service moves"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node2

scenario()
{
	scene_both_vote
	# The loser does not get to stop it before it is fenced, fast or slow.
	lab_in node1 crm_attribute --name no-quorum-policy --update freeze
	lab_expect service start:node1
	scene_split_weighed node1 node2
}
