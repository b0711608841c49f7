# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="3 nodes are split 1:2: the larger part keeps quorum, against the tie breaker; the service moves there"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_TIE=lowest
LAB_SERVICE_NODE=node1
LAB_SERVICE_NEXT=node3

scenario()
{
	# Whichever comes first: node1 finds that it has no quorum, or is fenced.
	lab_expect service stop:node1? start:node3
	scene_split_many 2,3 1
	lab_require 60 "node3 serves" lab_service_runs node3
}
