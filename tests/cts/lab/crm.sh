# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Pacemaker's side of the arbiter: agents, constraints, moves.

# The nodes' own qarb-crm and qarbctl: lab_qarb_crm NODE COMMAND...
lab_qarb_crm()
{
	local node=$1
	shift
	lab_in "$node" env "PATH=${QARB_SBINDIR:-$LAB_BUILD/release}:$PATH" qarb-crm "$@"
}

# Add a piece of configuration to the live CIB: lab_configure_live NODE XML
lab_configure_live()
{
	lab_in "$1" cibadmin --modify --allow-create --xml-text "<configuration>$2</configuration>" ||
		lab_fail "the CIB does not take: $2"
}

# An agent, or what the agents share, on every node with a fault for sed: lab_spoil_agent FILE FAULT
lab_spoil_agent()
{
	local n
	[[ -n $2 ]] || return 0
	for n in $(lab_node_names); do
		# shellcheck disable=SC2016
		lab_in "$n" sh -e -c '
			sed "$1" "$2/$3" >"/run/spoiled-$3"
			if cmp -s "$2/$3" "/run/spoiled-$3"; then exit 1; fi
			chmod 755 "/run/spoiled-$3"
			mount --bind "/run/spoiled-$3" "$2/$3"' sh "$2" /usr/lib/ocf/resource.d/qarb "$1" ||
			lab_fail "$2 changes nothing"
	done
}

# ocf:qarb:workload as the scenario's LAB_WORKLOAD_FAULT wants it.
lab_spoil_workload()
{
	lab_spoil_agent workload "$LAB_WORKLOAD_FAULT"
	LAB_WORKLOAD_FAULT=
}

# An ocf:qarb:workload bound to a service and monitored every LAB_WEIGH_EVERY: lab_weigh WEIGHT [SERVICE]
lab_weigh()
{
	local weight=$1 rsc=${2:-service}
	lab_spoil_workload
	lab_configure_live node1 "<resources>
		<primitive id=\"$rsc-weight\" class=\"ocf\" provider=\"qarb\" type=\"workload\">
		 <meta_attributes id=\"$rsc-weight-m\">
		  <nvpair id=\"$rsc-weight-m-critical\" name=\"critical\" value=\"$LAB_WEIGH_CRITICAL\"/>
		 </meta_attributes>
		 <instance_attributes id=\"$rsc-weight-i\">
		  <nvpair id=\"$rsc-weight-i-weight\" name=\"weight\" value=\"$weight\"/>
		 </instance_attributes>
		 <operations><op id=\"$rsc-weight-monitor\" name=\"monitor\" interval=\"$LAB_WEIGH_EVERY\" timeout=\"20s\"/></operations>
		</primitive></resources>
		<constraints>
		 <rsc_colocation id=\"$rsc-weight-with\" score=\"INFINITY\" rsc=\"$rsc-weight\" with-rsc=\"$rsc\"/>
		 <rsc_order id=\"$rsc-weight-after\" first=\"$rsc\" then=\"$rsc-weight\"/>
		</constraints>"
}

# Weight in the slot of NODE as OBSERVER reads it from the disk: lab_slot_weight OBSERVER NODE
lab_slot_weight()
{
	lab_status "$1" | jq --arg n "$2" '.arbiters[0].nodes[] | select(.name == $n).weight'
}

lab_slot_weighs() { [[ $(lab_slot_weight "$1" "$2") == "$3" ]]; }

lab_held_weight() { lab_in "$1" "$LAB_QARBCTL" weight list --output-as=json | jq .sum; }
lab_holds_weight() { [[ $(lab_held_weight "$1") == "$2" ]]; }

lab_node_attribute()
{
	lab_in "$1" attrd_updater --query --all --name "$3" 2>/dev/null |
		sed -n "s/.* host=\"$2\" value=\"\([^\"]*\)\".*/\1/p"
}

# lab_attribute_is OBSERVER NODE NAME VALUE
lab_attribute_is() { [[ $(lab_node_attribute "$1" "$2" "$3") == "$4" ]]; }

# The cable is cut while the heavier half is the other than tie_breaker's: scene_split_weighed WINNER
# LOSER
scene_split_weighed()
{
	local winner=$1 loser=$2
	lab_expect steady "$winner"
	lab_expect fenced "$loser"
	lab_cut node1 node2
	lab_require 20 "$loser is fenced" lab_was_fenced "$loser"
	lab_require 10 "$winner has the vote" scene_alone_with_vote "$winner"
	lab_require 20 "$winner serves" lab_service_runs "$winner"
	sleep 2
	lab_expect voting "$winner"
}

# An ocf:qarb:health on every node, looking each second, and this node-health-strategy; returns when
# both nodes are green: scene_health_watched STRATEGY
scene_health_watched()
{
	local n
	lab_spoil_agent health "$LAB_HEALTH_FAULT"
	lab_configure_live node1 "<crm_config><cluster_property_set id=\"lab\">
		 <nvpair id=\"lab-health\" name=\"node-health-strategy\" value=\"$1\"/>
		</cluster_property_set></crm_config>
		<resources><clone id=\"health-clone\">
		 <meta_attributes id=\"health-clone-m\">
		  <nvpair id=\"health-clone-m-allow\" name=\"allow-unhealthy-nodes\" value=\"true\"/>
		 </meta_attributes>
		 <primitive id=\"health\" class=\"ocf\" provider=\"qarb\" type=\"health\">
		  <instance_attributes id=\"health-i\"><nvpair id=\"health-i-d\" name=\"dampening\" value=\"1\"/></instance_attributes>
		  <operations><op id=\"health-monitor\" name=\"monitor\" interval=\"1s\" timeout=\"20s\"/></operations>
		 </primitive></clone></resources>"
	for n in node1 node2; do
		lab_require 30 "$n is green" lab_attribute_is node2 "$n" '#health-qarb' green
		lab_require 5 "$n counts its arbiter" lab_attribute_is node2 "$n" qarb-arbiters 1
		lab_require 5 "$n has the vote as attribute" lab_attribute_is node2 "$n" qarb-vote 1
	done
}

# Pacemaker has noted no failure of any resource.
scene_health_unfailed()
{
	! lab_crm node2 | grep -q '<failure ' || lab_blame health "$(lab_crm node2 | grep -m 1 '<failure ')"
}

# What befell the attributes on a node is over: they are told again, and nothing failed meanwhile:
# scene_health_kept NODE
scene_health_kept()
{
	lab_require 10 "attributes of $1 can be set" lab_in "$1" attrd_updater --name '#health-qarb' --update yellow
	lab_require 20 "$1 is told to be green again" lab_attribute_is node2 "$1" '#health-qarb' green
	sleep 10
	scene_health_unfailed
}
