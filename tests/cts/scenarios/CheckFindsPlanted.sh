# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarb-crm check names every fault planted in a live cluster and nothing else"
LAB_DEVICE=qarb
LAB_PLANT=yes

# Its exit code tells of the severity.
found() { { lab_qarb_crm node1 check --output-as=json 2>/dev/null || :; } | jq -r '[.findings[].rule] | unique | join(" ")'; }

scenario()
{
	local rules
	scene_both_vote
	rules=$(found)
	[[ -z $rules ]] || lab_fail "check finds something in a healthy cluster: $rules"
	[[ $LAB_PLANT == no ]] || lab_configure_live node1 '<crm_config><cluster_property_set id="lab">
		 <nvpair id="lab-nqp" name="no-quorum-policy" value="ignore"/>
		</cluster_property_set></crm_config>
		<resources><primitive id="alone" class="ocf" provider="qarb" type="workload"/>
		 <primitive id="second" class="ocf" provider="pacemaker" type="Dummy"/>
		</resources>
		<constraints><rsc_location id="second-at" rsc="second" node="node2" score="500"/>
		 <rsc_location id="cli-ban-second-on-node1" rsc="second" node="node1" role="Started" score="-INFINITY"/>
		</constraints>'
	rules=$(found)
	[[ $rules == "move-leftover no-quorum-ignore stickiness-failback tie-breaker-location workload-colocation" ]] ||
		lab_blame check "check finds: $rules"
	lab_expect voting node1 node2
}
