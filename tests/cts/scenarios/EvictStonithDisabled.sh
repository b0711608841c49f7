# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="With stonith-enabled=false nobody is evicted, status and log say so, and the votes go on"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000
LAB_STONITH_ENABLED=false

scenario()
{
	scene_bridges
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_disk_fail node1
	lab_require 20 "the bridge says that fencing is disabled" \
		lab_bridge_said node2 "stonith-enabled=false"
	scene_nobody_evicted 4
	lab_in node2 "$LAB_QARBCTL" status | grep -q "stonith-enabled=false" ||
		lab_fail "status does not say that fencing is disabled"
	lab_disk_repair node1
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}
