# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The serving node loses its disk: health turns red, the service leaves, nobody is fenced"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="evict: off"
LAB_HEALTH=migrate-on-red

scenario()
{
	local n
	scene_both_vote
	lab_configure_live node1 "<crm_config><cluster_property_set id=\"lab\">
		 <nvpair id=\"lab-health\" name=\"node-health-strategy\" value=\"$LAB_HEALTH\"/>
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
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_expect service stop:node1 start:node2
	lab_disk_fail node1
	lab_require 15 "node1 is red" lab_attribute_is node2 node1 '#health-qarb' red
	lab_require 15 "node2 serves" lab_service_runs node2
	sleep 5
	lab_is_quorate node1 || lab_fail "node1 is not a member any more"
	lab_disk_repair node1
	lab_require 30 "node1 is green again" lab_attribute_is node2 node1 '#health-qarb' green
	sleep 3
	lab_expect voting node1 node2
}
