# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd-voter is stopped for 5 s and continued while both nodes are up"
LAB_DEVICE=qarb

scenario()
{
	scene_component_stop qarbd-voter
}
