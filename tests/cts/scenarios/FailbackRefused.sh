# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Failback to a node that lost its disk, is of red health, or is gone, is refused, --force or not, and goes on when the node is well"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="evict: off"
LAB_SERVICE_NODE=node1

# Nothing is moved and nothing left behind: refused WHY
refused()
{
	local code force
	for force in "" --force; do
		code=0
		lab_qarb_crm node1 failback service --to node2 $force >"${LAB_DIR:?}/failback.out" 2>&1 || code=$?
		((code == 4)) || lab_fail "failback $force ends with code $code: $(tail -n 1 "$LAB_DIR/failback.out")"
		grep -q "refused: $1" "$LAB_DIR/failback.out" || lab_fail "failback $force does not say: $1"
	done
	lab_service_runs node1 || lab_fail "a refused failback moved the service"
	! lab_in node1 cibadmin --query --scope constraints | grep -q cli- || lab_fail "a refused failback left a constraint"
}

scenario()
{
	scene_both_vote
	lab_expect steady node1
	lab_expect casting node1
	lab_disk_fail node2
	lab_require 10 "node2 has no vote" lab_votes_not node2
	lab_require 10 "node1 sees it" unavailable
	refused 'node2 is not available on the arbiters'
	lab_disk_repair node2
	lab_require 30 "node2 has the vote again" lab_votes node2
	scene_health_watched migrate-on-red
	lab_disk_fail node2
	lab_require 15 "node2 is red" lab_attribute_is node1 node2 '#health-qarb' red
	# The attributes reach the CIB later than those who ask for them.
	lab_require 15 "the CIB says so" health_in_cib red
	refused 'the health of node2 is red'
	refused 'node2 does not have the arbiters. vote'
	lab_disk_repair node2
	lab_require 30 "node2 is green again" lab_attribute_is node1 node2 '#health-qarb' green
	lab_require 20 "nothing speaks against node2 any more" lab_qarb_crm node1 failback service --to node2 --dry-run
	lab_expect service stop:node1 start:node2 stop:node2 start:node1
	lab_qarb_crm node1 failback service --to node2 >"$LAB_DIR/failback.out" 2>&1 ||
		lab_fail "failback to a healthy node: $(tail -n 1 "$LAB_DIR/failback.out")"
	lab_qarb_crm node1 failback service >"$LAB_DIR/failback.out" 2>&1 ||
		lab_fail "failback to the preferred node: $(tail -n 1 "$LAB_DIR/failback.out")"
	grep 'it was down' "$LAB_DIR/failback.out" | sed 's/^/  /' >"$LAB_DIR/timeline"
	lab_cluster_stop node2
	lab_require 20 "node1 is alone" lab_members_are node1 1
	refused 'node2 is not online'
	lab_expect voting node1
}

unavailable() { [[ $(lab_status node1 | jq '.arbiters[0].nodes[] | select(.name == "node2").available') == false ]]; }
health_in_cib() { lab_in node1 cibadmin --query --scope status | grep -q "name=\"#health-qarb\" value=\"$1\""; }
