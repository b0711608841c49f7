# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd-voter is stopped on the sole survivor, which loses quorum until it is continued"
LAB_DEVICE=qarb

scenario()
{
	scene_sole_stop_loses qarbd-voter
}
