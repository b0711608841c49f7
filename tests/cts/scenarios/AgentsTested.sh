# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="ocf-tester is content with both agents; pcs and crm describe them"
LAB_DEVICE=qarb
LAB_FENCING=no

scenario()
{
	local a out
	scene_both_vote
	[[ -z $(lab_missing_programs ocf-tester pcs crm xmllint) ]] || lab_skip "ocf-tester, pcs or crm is not installed"
	lab_spoil_workload
	for a in workload health; do
		out=$(lab_in node1 env HA_RSCTMP=/run/resource-agents ocf-tester -n "try-$a" \
			"/usr/lib/ocf/resource.d/qarb/$a" 2>&1) || lab_fail "ocf-tester $a: $out"
		[[ $out == *"passed all tests"* ]] || lab_fail "ocf-tester $a: $out"
		echo "$out"
		out=$(lab_in node1 pcs resource describe "ocf:qarb:$a" 2>&1) || lab_fail "pcs: $out"
		[[ $out == *qarbctl* ]] || lab_fail "pcs does not know the parameters of $a: $out"
		lab_in node1 mkdir -p /var/log/crmsh
		out=$(lab_in node1 crm ra info "ocf:qarb:$a" 2>&1) || lab_fail "crm: $out"
		[[ $out == *qarbctl* ]] || lab_fail "crm does not know the parameters of $a: $out"
	done
	lab_demand 5 weight "ocf-tester left no weight" lab_holds_weight node1 0
	lab_expect voting node1 node2
}
