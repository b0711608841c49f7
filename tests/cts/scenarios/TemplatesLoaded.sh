# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Every template is loaded into a running cluster by crm, pcs and cibadmin; crm_verify, qarb-crm check and crm_simulate judge what the cluster then has"
SCENARIO_SECONDS=1200
LAB_DEVICE=qarb
LAB_FENCING=no

scenario()
{
	local program=${QARB_SBINDIR:-$LAB_BUILD/release}/qarb-crm code=0
	[[ -z $(lab_missing_programs pcs crm python3) ]] || lab_skip "pcs, crm or python3 is not installed"
	scene_both_vote
	lab_in node1 mkdir -p /var/log/crmsh
	# What the cluster has of its own would be an orphan in each of them.
	lab_expect service stop:node1
	lab_in node1 cibadmin --delete --xml-text '<rsc_location id="service-at"/>'
	lab_in node1 cibadmin --delete --xml-text '<primitive id="service"/>'
	lab_require 20 "the service is gone" gone
	lab_in node1 "$LAB_TOP/tests/golden/crm/templates" --live "$program" >"$LAB_DIR/templates.out" 2>&1 || code=$?
	sed 's/^/  /' "$LAB_DIR/templates.out" >"$LAB_DIR/timeline"
	((code == 0)) || lab_fail "$(grep -v ' load it;' "$LAB_DIR/templates.out" | head -n 3 | paste -sd ' ')"
	lab_expect voting node1 node2
}

gone() { ! lab_service_runs node1 && ! lab_crm node1 | grep -q 'resource id="service"'; }
