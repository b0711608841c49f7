# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarb-crm check is silent on a running cluster, names every fault planted there and nothing else, and is silent again after generate"
LAB_DEVICE=qarb
LAB_AGENT=both
LAB_PLANT=yes
LAB_SYNC_TIMEOUT=1500 # sbd's shortest watchdog, a second, is too short for it

# Each finding in a line: rule, severity, ids. The exit code tells of the severity, with 7 of errors.
found()
{
	{ lab_qarb_crm node1 check --output-as=json 2>/dev/null || :; } |
		jq -r '.findings[] | "\(.rule) \(.severity) \(.xml_ids | sort | join(" "))"' | sort
}

# finds WHAT [LINE...]: these and no others.
finds()
{
	local what=$1 now wanted
	shift
	wanted=$([[ $# -eq 0 ]] || printf '%s\n' "$@" | sort)
	now=$(found)
	[[ $now == "$wanted" ]] ||
		lab_blame check "$what: check finds otherwise: $(diff <(echo "$wanted") <(echo "$now") | grep '^[<>]' | paste -sd ';')"
	printf '  %s: %d of %d faults found, nothing else\n' "$what" $# $# >>"$LAB_DIR/timeline"
}

dummy()
{
	echo "<primitive id=\"$1\" class=\"ocf\" provider=\"pacemaker\" type=\"Dummy\">
		<meta_attributes id=\"$1-m\"><nvpair id=\"$1-priority\" name=\"priority\" value=\"$2\"/></meta_attributes></primitive>"
}

# Bound to nothing. It weighs nothing, so that it does not decide for which node a tie is.
weightless()
{
	echo "<primitive id=\"alone\" class=\"ocf\" provider=\"qarb\" type=\"workload\">
		<instance_attributes id=\"alone-i\"><nvpair id=\"alone-weight\" name=\"weight\" value=\"0\"/></instance_attributes>
		<operations><op id=\"alone-monitor\" name=\"monitor\" interval=\"10s\"/></operations></primitive>"
}

property() { echo "<crm_config><cluster_property_set id=\"lab\"><nvpair id=\"$1\" name=\"$2\" value=\"$3\"/></cluster_property_set></crm_config>"; }

misaligned()
{
	[[ $LAB_PLANT == no ]] || lab_configure_live node1 "<resources>$(dummy second 0)$(dummy third 0)</resources>
		<constraints><rsc_location id=\"second-at\" rsc=\"second\" node=\"node2\" score=\"500\"/>
		 <rsc_location id=\"third-at\" rsc=\"third\" node=\"node1\" score=\"INFINITY\"/></constraints>"
	finds "scores alone" \
		"tie-breaker-location warning second-at" \
		"stickiness-failback warning second-at" \
		"infinity-preference warning third-at"
}

generated()
{
	local rsc out
	for rsc in second third; do
		out=$(lab_qarb_crm node1 generate --resource "$rsc" --policy follow-tie-breaker --apply 2>&1) ||
			lab_fail "generate for $rsc: $out"
	done
	lab_in node1 crm_verify --live-check || lab_fail "crm_verify rejects what generate made"
	finds "after generate"
}

# Every rule but one; without fencing nobody asks who fences whom.
plant()
{
	lab_configure_live node1 "$(property lab-nqp no-quorum-policy ignore)
		$(property lab-watchdog have-watchdog true)
		$(property lab-delay priority-fencing-delay 15s)
		<resources>$(dummy fourth 10)$(dummy fifth 0)$(weightless)</resources>
		<constraints><rsc_location id=\"fourth-at\" rsc=\"fourth\" node=\"node2\" score=\"500\"/>
		 <rsc_location id=\"fifth-at\" rsc=\"fifth\" node=\"node1\" score=\"INFINITY\"/>
		 <rsc_location id=\"cli-ban-fourth-on-node1\" rsc=\"fourth\" node=\"node1\" role=\"Started\" score=\"-INFINITY\"/></constraints>
		<fencing-topology><fencing-level id=\"second-node2\" target=\"node2\" index=\"2\" devices=\"fence-node1\"/></fencing-topology>"
	lab_in node1 cibadmin --delete --xml-text '<fencing-level id="first-node1"/>'
	lab_in node1 cibadmin --delete --xml-text '<fencing-level id="first-node2"/>'
	lab_require 20 "the fourth runs on node2" runs_on fourth node2
	lab_in node1 sh -c 'echo SBD_WATCHDOG_TIMEOUT=1 >/etc/default/sbd &&
		sed -i "s/name: node2/name: node2.example.org/" /etc/corosync/corosync.conf'
}

runs_on() { lab_in node1 crm_resource --resource "$1" --locate 2>/dev/null | grep -q ": $2"; }

scenario()
{
	local planted
	scene_both_vote
	lab_expect steady node1 node2
	finds "a healthy cluster"
	misaligned
	generated
	plant
	planted=(
		"no-quorum-ignore error lab-nqp"
		"workload-colocation error alone"
		"tie-breaker-location warning fourth-at"
		"stickiness-failback warning fourth-at"
		"infinity-preference warning fifth-at"
		"move-leftover warning cli-ban-fourth-on-node1"
		"sbd-timeout error lab-watchdog"
		"node-names error 2"
		"fencing-delay warning fourth-priority lab-delay"
	)
	finds "with fencing" "${planted[@]}" \
		"fence-qarb-alone warning 1 poison second-node1" \
		"node-unfenced error 2 second-node2"
	lab_configure_live node1 "$(property lab-stonith stonith-enabled false)"
	finds "without fencing" "${planted[@]}" "stonith-disabled error lab-stonith"
	lab_expect voting node1 node2
}
