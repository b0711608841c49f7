# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The cable is cut; tie_breaker highest: node2 keeps quorum"
LAB_DEVICE=qarb
LAB_TIE=highest
LAB_SERVICE_NODE=node2

scenario()
{
	scene_split node2 node1
}
