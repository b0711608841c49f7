# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="5 nodes are split 2:2:1; tie_breaker highest decides between the pairs; then all cables work again"
LAB_DEVICE=qarb
LAB_NODES=5
LAB_TIE=highest
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_split_many 3,4 1,2 5
	scene_heal
}
