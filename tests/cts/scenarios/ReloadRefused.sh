# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A bad configuration is refused as a whole, each problem in one line, and what corosync took of it is reckoned with"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local n
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	LAB_TIE=sideways
	scene_times 100 6000 9000
	for n in node1 node2; do
		lab_require 5 "$n names dead_ms" scene_logged "$n" "dead_ms = 100: allowed is a whole number from 250"
		lab_require 5 "$n names tie_breaker" scene_logged "$n" "tie_breaker = sideways: allowed is"
		lab_require 5 "$n refuses it" scene_logged "$n" "configuration refused"
		lab_demand 5 told "$n tells of the D that corosync has now" scene_told "$n" d 15000
		scene_told "$n" hold 450 || lab_blame told "$n took a part of a bad configuration"
	done
	sleep 2
	for n in node1 node2; do
		[[ $(scene_log_lines "$n" "dead_ms = 100") -eq 1 ]] || lab_fail "$n repeats itself"
	done
	LAB_TIE=lowest
	scene_times 900 450 900
	lab_require 5 "it is good again" scene_logged node1 "configuration is good again"
	lab_require 25 "the longer D has passed" scene_told node1 d 1350
	lab_expect voting node1 node2
}
