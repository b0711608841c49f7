# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Constraints by generate --apply; a failed node returns and the service is not restarted"
LAB_DEVICE=qarb
LAB_AUTOSTART=yes
LAB_STICKY=yes

epoch() { lab_in node2 cibadmin --query | sed -n '1s/.* epoch="\([0-9]*\)".*/\1/p'; }

scenario()
{
	local before out
	scene_both_vote
	out=$(lab_qarb_crm node1 generate --resource service --policy follow-tie-breaker --apply 2>&1) ||
		lab_fail "generate: $out"
	[[ $out == *applied* ]] || lab_fail "generate does not say that it applied anything: $out"
	lab_in node1 crm_verify --live-check || lab_fail "crm_verify rejects the cluster"
	before=$(epoch)
	out=$(lab_qarb_crm node2 generate --resource service --policy follow-tie-breaker --apply 2>&1) ||
		lab_fail "generate again: $out"
	[[ $out == *"nothing to change"* && $(epoch) == "$before" ]] || lab_fail "generate twice changes twice: $out"
	out=$(lab_qarb_crm node1 check 2>&1) || lab_fail "check finds: $out"
	[[ $LAB_STICKY == yes ]] || lab_in node1 crm_resource --resource service --meta \
		--set-parameter resource-stickiness --parameter-value 0 >/dev/null
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_power_off node1
	lab_require 15 "node2 serves" lab_service_runs node2
	lab_require 40 "node1 is online again" lab_peers_online node2
	lab_require 20 "node1 has the vote again" lab_votes node1
	sleep 5
	lab_expect voting node1 node2
}
