# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="corosync is stopped in order on one node, under a running qarbd, and started again; qarbd waits and reconnects"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_restart_corosync TERM
}
