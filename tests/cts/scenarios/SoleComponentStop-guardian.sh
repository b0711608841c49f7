# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The guardian is stopped on the sole survivor, which keeps quorum"
LAB_DEVICE=qarb

scenario()
{
	scene_sole_stop_keeps qarbd
}
