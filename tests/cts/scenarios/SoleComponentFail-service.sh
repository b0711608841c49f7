# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd-service is killed on the sole survivor, which keeps quorum"
LAB_DEVICE=qarb

scenario()
{
	scene_sole_fail qarbd-service
}
