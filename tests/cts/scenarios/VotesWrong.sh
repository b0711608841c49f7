# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="quorum.device.votes becomes wrong: the reload is refused, a restarted node that ran before goes on with an error, a node that never ran does not start"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_MARK=yes

restart_daemon()
{
	lab_daemon_signal "$1" TERM
	lab_require 15 "qarbd on $1 ends" lab_not_running "$1" qarbd-decider
	LAB_BRIDGE=no lab_device_start "$1"
}

scenario()
{
	local n
	scene_both_vote
	LAB_DEVICE_VOTES=2
	lab_reload "votes: 2"
	for n in node1 node2; do
		lab_require 5 "$n names the votes" scene_logged "$n" "quorum.device.votes = 2: allowed is 1"
		lab_require 5 "$n refuses the reload" scene_logged "$n" "the one before stays in force"
	done
	[[ $LAB_MARK == yes ]] || lab_in node2 rm /var/lib/qarb/configured
	lab_expect voting node2
	restart_daemon node2
	lab_require 20 "node2 goes on with them" scene_logged node2 "has run before and goes on with these votes"
	lab_require 20 "node2 has the vote" lab_votes node2
	lab_in node1 rm /var/lib/qarb/configured
	restart_daemon node1
	lab_require 20 "node1 is not started with them" scene_logged node1 "nothing is started with it"
	sleep 3
	! lab_votes node1 || lab_fail "node1 has the vote with a configuration that was refused"
	LAB_DEVICE_VOTES=
	lab_reload "no votes"
	lab_require 20 "node1 has the vote" lab_votes node1
	lab_require 5 "node2 says that it is good" scene_logged node2 "configuration is good again"
	lab_expect voting node1
}
