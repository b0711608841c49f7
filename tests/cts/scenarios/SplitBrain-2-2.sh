# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="4 nodes are split into halves; tie_breaker lowest: the half of node1 keeps quorum"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_TIE=lowest

scenario()
{
	scene_split_many 1,2 3,4
}
