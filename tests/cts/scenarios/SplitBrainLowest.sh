# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The cable is cut; tie_breaker lowest: node1 keeps quorum"
LAB_DEVICE=qarb
LAB_TIE=lowest

scenario()
{
	scene_split node1 node2
}
