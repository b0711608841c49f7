# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="3 nodes lose all cables between them: one keeps quorum, by tie_breaker highest"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_TIE=highest
LAB_SERVICE_NODE=node3

scenario()
{
	scene_split_many 3 1 2
}
