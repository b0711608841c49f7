# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The serving node loses its disk while evictions are on: health moves the service first, then the node is evicted, and the service does not notice"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_HEALTH=migrate-on-red

scenario()
{
	local served
	scene_bridges
	lab_expect voted node1 node2
	scene_health_watched "$LAB_HEALTH"
	lab_expect steady node2
	lab_expect casting node2
	lab_expect fenced node1
	lab_expect service stop:node1 start:node2
	lab_disk_fail node1
	# Without health it serves later, and node1 has not stopped it: the audit says so.
	lab_wait 8 lab_service_runs node2 || :
	lab_is_quorate node1 || lab_fail "node1 is not a member any more"
	scene_evicted node1
	lab_require 20 "node2 serves" lab_service_runs node2
	served=$(grep ' node2 service start' "${LAB_DIR:?}/events" | cut -d ' ' -f 1)
	((served < $(lab_request_at node1))) || lab_fail "the fencer was asked for node1 before the service had left"
	lab_stamp lab measured served_before_request_ms $((($(lab_request_at node1) - served) / 1000000))
	echo "  the service ran on node2 $(((served - $(lab_fault_at node1)) / 1000000)) ms after the fault," \
		"the fencer was asked for node1 after $((($(lab_request_at node1) - $(lab_fault_at node1)) / 1000000)) ms" \
		>"$LAB_DIR/timeline"
	sleep 5
	lab_expect voting node2
}
