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
		as_before "$a"
		out=$(lab_in node1 env HA_RSCTMP=/run/resource-agents ocf-tester -n "try-$a" \
			"/run/before/$a" 2>&1) || lab_fail "ocf-tester $a: $out"
		[[ $out == *"passed all tests"* ]] || lab_fail "ocf-tester $a: $out"
		shown "ocf-tester $a" "$out"
		lab_in node1 "/run/before/$a" meta-data | xmllint --noout --nonet --relaxng \
			/usr/share/resource-agents/metadata.rng - 2>&1 | grep -q '^- validates' ||
			lab_fail "the metadata of $a do not follow the schema of resource-agents"
		out=$(lab_in node1 pcs resource describe "ocf:qarb:$a" 2>&1) || lab_fail "pcs: $out"
		described pcs "$a" "$out"
		lab_in node1 mkdir -p /var/log/crmsh
		out=$(lab_in node1 crm ra info "ocf:qarb:$a" 2>&1) || lab_fail "crm: $out"
		described crm "$a" "$out"
	done
	lab_demand 5 weight "ocf-tester left no weight" lab_holds_weight node1 0
	lab_expect voting node1 node2
}

# An agent whose metadata have nothing of OCF 1.1: resource-agents 4.12, in its schema and in the DTD
# that ocf-tester goes by, does not know reload-agent and "reloadable", which Pacemaker 2.1 asks for.
as_before()
{
	# shellcheck disable=SC2016
	lab_in node1 sh -e -c '
		mkdir -p /run/before
		cp "$1/.qarb-agent" /run/before/
		sed "s/ reloadable=\"1\"//; /<action name=\"reload-agent\"/d" "$1/$2" >"/run/before/$2"
		chmod 755 "/run/before/$2"' sh /usr/lib/ocf/resource.d/qarb "$1"
}

# Printed after the scenario: shown TITLE TEXT
shown()
{
	local line
	while read -r line; do
		echo "  $1: $line"
	done <<<"$2" >>"$LAB_DIR/timeline"
}

# The tool says what the agent is for, and all of its parameters: described TOOL AGENT TEXT
described()
{
	local word
	for word in $(lab_in node1 "/usr/lib/ocf/resource.d/qarb/$2" meta-data |
		sed -n 's/.*<parameter name="\([^"]*\)".*/\1/p'); do
		[[ $3 == *"$word"* ]] || lab_fail "$1 does not describe $word of $2: $3"
	done
	[[ $3 == *"uorum arbiter"* ]] || lab_fail "$1 does not say what $2 is for: $3"
	shown "$1 describes $2" "$(grep -m 1 'ocf:qarb' <<<"$3")"
}
