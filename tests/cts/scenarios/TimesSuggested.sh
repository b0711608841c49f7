# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A cluster with a token of 2 s runs with the times that timing --suggest gives it, and the survivor of a loss of power has the vote as soon as that said"
LAB_DEVICE=qarb
LAB_TOKEN=2000
LAB_PACEMAKER=no
LAB_FENCING=no
MACHINE_MS=1500 # what a busy machine may add

scenario_prepare()
{
	local conf said
	conf=$(mktemp)
	lab_corosync_conf >"$conf"
	said=$("$LAB_QARBCTL" timing --suggest --config="$conf" --output-as=json) ||
		lab_fail "timing --suggest: exit $?"
	rm -f "$conf"
	LAB_DEAD_MS=$(jq .suggestion.dead_ms <<<"$said")
	LAB_TIMEOUT=$(jq .suggestion.timeout_ms <<<"$said")
	LAB_SYNC_TIMEOUT=$(jq .suggestion.sync_timeout_ms <<<"$said")
	SUGGESTED_X=$(jq .suggestion.x_ms <<<"$said")
	SUGGESTED_FAILOVER=$(jq .suggestion.failover_ms <<<"$said")
	((LAB_DEAD_MS > 900)) || lab_fail "a token of 2 s suggests dead_ms $LAB_DEAD_MS"
}

scenario()
{
	local from took
	scene_both_vote
	lab_expect steady node2
	lab_expect casting node2
	lab_in node2 "$LAB_QARBCTL" timing --output-as=json |
		jq -e --argjson x "$SUGGESTED_X" --argjson dead "$LAB_DEAD_MS" \
			'.running and .timings.dead_ms == $dead and [.nodes[].x_ms] == [$x, $x]' >/dev/null ||
		lab_blame told "timing of the running daemon does not say what was suggested"
	sleep 3
	lab_expect maycease node2
	from=$(lab_now_ns)
	lab_power_off node1
	lab_demand 20 steady "node2 is alone and has the vote" scene_alone_with_vote node2
	took=$((($(lab_now_ns) - from) / 1000000))
	echo "the vote after $took ms, $SUGGESTED_FAILOVER were said"
	((took <= SUGGESTED_FAILOVER + MACHINE_MS)) ||
		lab_blame failover "the vote after $took ms, where $SUGGESTED_FAILOVER were said"
	sleep 2
	lab_expect voting node2
}
