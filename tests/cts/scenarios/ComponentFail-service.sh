# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd-service is killed on one node, then on the other; nobody loses the vote"
LAB_DEVICE=qarb

scenario()
{
	scene_component_fail qarbd-service
}
