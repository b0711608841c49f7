# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd-disk0 is stopped on the sole survivor, which loses quorum until it is continued"
LAB_DEVICE=qarb

scenario()
{
	scene_sole_stop_loses qarbd-disk0
}
