# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="status, why and timing of running daemons keep their schemas, before and in a split, and say what decided"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

# What these nodes answer, in both forms for programs, is what the schemas say.
answers_are_valid()
{
	local node command form file
	for node in "$@"; do
		for command in status why timing; do
			for form in xml json; do
				file=$LAB_DIR/$node/$command.$form
				lab_in "$node" "$LAB_QARBCTL" "$command" --output-as="$form" >"$file" ||
					lab_fail "$command on $node as $form: exit $?"
				"$LAB_TOP/tests/schema-validate" "$form" "$command" "$file" ||
					lab_fail "$command on $node as $form is not what the schema says"
			done
		done
	done
}

# answers_say NODE COMMAND JQ-TEST
answers_say()
{
	lab_in "$1" "$LAB_QARBCTL" "$2" --output-as=json | jq -e "$3" >/dev/null ||
		lab_blame told "$2 on $1 does not say $3: $(lab_in "$1" "$LAB_QARBCTL" "$2")"
}

# The text for people names every node's X; as the JSON does for programs.
timing_text_says()
{
	local said
	said=$(lab_in "$1" "$LAB_QARBCTL" timing)
	[[ $(grep -c -E '^  ([12]) +2043 ms  node\1, slowest recent beat [0-9]+ ms$' <<<"$said") == 2 ]] ||
		lab_blame told "timing on $1 does not tell X of both nodes: $said"
}

scenario()
{
	scene_both_vote
	lab_expect steady node1
	answers_are_valid node1 node2
	answers_say node1 status '.vote and (.attention | length) == 0 and .wait_for_all == "off"'
	answers_say node2 timing '.running and (.nodes | length) == 2 and .timings.x_ms == 2043'
	timing_text_says node1
	lab_cut node1 node2
	lab_require 10 "node1 is alone and has the vote" scene_alone_with_vote node1
	lab_require 10 "node2 has no vote" lab_votes_not node2
	sleep 1
	answers_are_valid node1 node2
	for node in node1 node2; do
		answers_say "$node" why '.arbiters[0].decision |
			.step == "tie_breaker" and .tie_breaker == "lowest" and
			(.contenders | length) == 2 and .contenders[.winner].lowest_node_id == 1 and
			[.contenders[] | .below_by] == ["none", "tie_breaker"]'
	done
	answers_say node1 status '.vote'
	answers_say node2 status '(.vote | not) and .reason == "the vote is granted to others"'
	lab_heal
	lab_require 20 "node2 has the vote again" lab_votes node2
	lab_expect voting node1 node2
}
