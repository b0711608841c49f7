# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the scenarios of eviction have in common: the fence bridges, when the fencer was asked, and
# nodes that end themselves.

lab_bridge_start()
{
	local command=("$LAB_FENCE_BRIDGE" -f)
	[[ $LAB_BRIDGE == yes ]] || return 0
	[[ -z $LAB_BRIDGE_FAULT ]] ||
		command=("$LAB_BUILD/release-mutants/qarb-fence-bridge" -f "--mutant=$LAB_BRIDGE_FAULT")
	lab_bg "$1" bridge.out env PCMK_logfile=/var/log/pacemaker/pacemaker.log "${command[@]}"
	lab_stamp "$1" bridge start
}

# For each node that a fault struck: how long after the scenario began, and from the fault to the
# first request for its fencing and to the start of the service elsewhere, in ms ("-": none).  The
# fault is the last one before the request.  A line each in LAB_DIR/times:
#	times NODE FAULT_MS REQUEST_MS RECOVERY_MS
lab_times()
{
	local n
	[[ $LAB_BRIDGE == yes || $LAB_AGENT != ipmi || $LAB_REBOOTS == yes ]] || return 0
	for n in $(lab_node_names); do
		awk -v node="$n" -v asked="$(lab_request_at "$n" || :)" '
			$2 == "lab" && $3 == "begin" { begin = $1 }
			$2 == node && $3 == "fault" && $4 == "fence-order" && asked == "" { asked = $1 }
			$2 == node && $3 == "fault" && $4 != "fence-order" &&
				(asked == "" || $1 <= asked) && !(asked == "" && fault != "") { fault = $1 }
			$2 != node && $3 == "service" && $4 == "start" { start[++starts] = $1 }
			function ms(t) { return t == "" ? "-" : int((t - fault) / 1000000) }
			END {
				if (fault == "")
					fault = asked
				if (fault == "")
					exit
				for (i = starts; i > 0; i--)
					if (start[i] > fault)
						back = start[i]
				printf "times %s %d %s %s\n", node, (fault - begin) / 1000000, ms(asked), ms(back)
			}' "$LAB_DIR/events"
	done >"$LAB_DIR/times"
	# Where somebody was asked for, the others' faults were a part of the play only.
	! grep -q -v ' - [0-9-]*$' "$LAB_DIR/times" || sed -i '/ - [0-9-]*$/d' "$LAB_DIR/times"
	# run prints what is in the timeline of a scenario that passed.
	cat "$LAB_DIR/times" >>"$LAB_DIR/timeline"
}

# fence_qarb as Pacemaker and its shells show it, and the bridge as it is linked.
scene_agent_shown()
{
	local said
	said=$(lab_in node2 stonith_admin --metadata -a fence_qarb)
	[[ $said == *unsafe_silence* ]] || lab_fail "stonith_admin does not show the agent"
	if command -v pcs >/dev/null; then
		said=$(lab_in node2 pcs stonith describe fence_qarb)
		[[ $said == *unsafe_silence* ]] || lab_fail "pcs does not show the agent: $said"
	fi
	if command -v crm >/dev/null; then
		lab_in node2 mkdir -p /var/log/crmsh
		said=$(lab_in node2 crm ra info stonith:fence_qarb)
		[[ $said == *unsafe_silence* ]] || lab_fail "crm does not show the agent: $said"
	fi
	said=$(readelf -d "$LAB_FENCE_BRIDGE")
	[[ $said == *libstonithd.so* && $said == *libcrmcommon.so* ]] ||
		lab_fail "the bridge is not linked with Pacemaker's libraries"
}

# How often the bridge said so: lab_bridge_lines NODE PATTERN
lab_bridge_lines()
{
	grep -h -E -c "qarb-fence-bridge.*($2)" "$LAB_DIR/$1/log/syslog" || :
}

lab_bridge_said() { (($(lab_bridge_lines "$1" "$2") > 0)); }

# When it said so last, in ns; nothing if it never did.
lab_bridge_said_at()
{
	grep -h -E "qarb-fence-bridge.*($2)" "$LAB_DIR/$1/log/syslog" | tail -n 1 | cut -d ' ' -f 1
}

# Requests to the fencer, of any bridge, for a node.
lab_requests_for()
{
	cat "$LAB_DIR"/node*/log/syslog 2>/dev/null |
		grep -E -c "qarb-fence-bridge.*request [0-9]+: (reboot|off) $1\$" || :
}

lab_was_requested() { (($(lab_requests_for "$1") > 0)); }

# No bridge asked again, and no other one did. The fencer would merge such requests.
scene_asked_once()
{
	local n
	for n in "$@"; do
		(($(lab_requests_for "$n") == 1)) ||
			lab_blame asked "the fencer was asked $(lab_requests_for "$n") times for $n"
	done
}

lab_request_at()
{
	cat "$LAB_DIR"/node*/log/syslog 2>/dev/null |
		grep -E "qarb-fence-bridge.*request [0-9]+: (reboot|off) $1\$" |
		sort -n | head -n 1 | cut -d ' ' -f 1
}

# The time of the last fault of a node, in ns.
lab_fault_at()
{
	grep -E "^[0-9]+ $1 fault " "$LAB_DIR/events" | tail -n 1 | cut -d ' ' -f 1
}

# From a node's last fault to the first request for its fencing, in ms: at least, at most.
lab_request_within()
{
	local node=$1 least=$2 most=$3 ms
	ms=$((($(lab_request_at "$node") - $(lab_fault_at "$node")) / 1000000))
	lab_stamp lab measured request_ms "$node" "$ms"
	((ms >= least && ms <= most)) ||
		lab_blame asked "$node: the fencer was asked $ms ms after the fault, not $least to $most"
}

# All bridges are connected to everything, and every node's fencing device has started.
scene_bridges()
{
	local n
	for n in ${LAB_START_NODES:-$(lab_node_names)}; do
		lab_require 20 "$n has the vote" lab_votes "$n"
		[[ $LAB_BRIDGE == yes ]] || continue
		lab_require 30 "the bridge on $n is connected to qarbd" lab_bridge_said "$n" "connected to qarbd"
		lab_require 30 "the bridge on $n is connected to the fencer" \
			lab_bridge_said "$n" "connected to Pacemaker.s fencer"
		lab_require 30 "the bridge on $n is connected to the CIB" \
			lab_bridge_said "$n" "connected to Pacemaker.s CIB"
	done
	# The daemons hear the facts, and see each other run, within a second.
	sleep 1.5
}

# evict_after_ms in force: what the scenario set, or its default of 10 dead_ms.
scene_evict_after()
{
	echo "${LAB_EVICT_AFTER:-$((10 * LAB_DEAD_MS))}"
}

# The node, whose disk or daemon has just been lost, is evicted once, and the others go on.
scene_evicted()
{
	local node=$1 after most=${2:-500}
	after=$(scene_evict_after)
	lab_require $((after / 1000 + 15)) "the fencer is asked for $node" lab_was_requested "$node"
	lab_request_within "$node" $((after - 150)) $((after + most))
	lab_require 30 "$node is fenced" lab_was_fenced "$node"
}

# Nobody is asked for, for so many seconds more than evict_after.
scene_nobody_evicted()
{
	local n
	sleep $(($(scene_evict_after) / 1000 + $1))
	for n in $(lab_node_names); do
		(($(lab_requests_for "$n") == 0)) || lab_blame asked "the fencer was asked for $n"
	done
}

# A disk path of node1 fails while the ring is healthy.
scene_disk_lost()
{
	lab_expect steady node2
	lab_expect fenced node1
	lab_expect service start:node2
	lab_disk_fail node1
}

# Every process of qarbd on a node is stopped, or goes on.
lab_daemon_signal()
{
	local p
	lab_stamp "$1" fault signal "$2" all-of-qarbd
	for p in qarbd qarbd-decider qarbd-voter qarbd-disk0 qarbd-service; do
		lab_signal "$1" "$2" "$p"
	done
}

# The fencer of a node ends and stays away: pacemakerd, which would start it anew, is stopped.
lab_fencer_gone()
{
	lab_stamp "$1" fault fencer-gone
	lab_signal "$1" STOP pacemakerd
	lab_signal "$1" KILL pacemaker-fenced
	lab_require 10 "the fencer on $1 ends" lab_fencer_dead "$1"
}

lab_fencer_back()
{
	lab_stamp "$1" fault fencer-back
	lab_signal "$1" CONT pacemakerd
}

# A child that its parent has not waited for is still there, as a zombie.
lab_fencer_dead()
{
	local pid
	for pid in $(lab_pids_of "$1" pacemaker-fenced); do
		lab_in "$1" grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null || return 1
	done
}

# Stop a management controller, and let it go on.
lab_bmc_signal()
{
	lab_stamp "$1" fault bmc-signal "$2"
	lab_kill_pid "$(<"$LAB_DIR/bmc/$1/pid")" "$2"
}

# Give a fencing device another password: a wrong one makes every request of it fail.
lab_bmc_password()
{
	lab_stamp "$1" fault bmc-password "$2"
	lab_in node2 crm_resource --resource "fence-$1" --set-parameter password \
		--parameter-value "$2" >/dev/null
}

# It ended without having been switched off: poison, on_loss, or its watchdog.
lab_ended_by_itself()
{
	grep -q -E "^[0-9]+ $1 power off by-itself" "$LAB_DIR/events"
}

# A node's slot, as another node reads it, declares an armed watchdog.
lab_watchdog_armed()
{
	lab_status "$1" | jq -e --argjson id "$(lab_id_of "$2")" \
		'[.. | objects | select(.node_id? == $id and .watchdog_armed? == true)] | length > 0' >/dev/null
}

# qarbd of node1, whose watchdog is armed, is ended, in order if LAB_END_BY says so: the watchdog does not
# fire. With a command that says whether the slot declares none any more: scene_stop_watched COMMAND...
scene_stop_watched()
{
	lab_stamp node1 fault upgrade
	lab_signal node1 "$LAB_END_BY" qarbd
	lab_require 20 "qarbd on node1 ends" lab_not_running node1 qarbd
	"$@" || lab_blame watchdog "the slot of node1 still declares a watchdog"
	sleep 15
	! lab_ended_by_itself node1 || lab_blame watchdog "the watchdog fired after an orderly stop"
}

# Ask Pacemaker on a node to fence another one, and wait for the end: lab_fence NODE TARGET
lab_fence()
{
	lab_stamp "$2" fault fence-order "$1"
	lab_in "$1" stonith_admin --reboot "$2" --timeout 90 >>"$LAB_DIR/log/stonith_admin.log" 2>&1
}

# fence_qarb alone fences node1, which serves; node2 goes on and serves.
scene_agent_fences()
{
	scene_both_vote
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	lab_require 20 "the watchdog of node2 is armed" lab_watchdog_armed node1 node2
	lab_expect steady node2
	lab_expect service start:node2
	"$@"
	lab_fence node2 node1 || lab_fail "the fencing failed: $(tail -n 1 "$LAB_DIR/log/stonith_admin.log")"
	lab_stamp node1 fenced-by-agent
	lab_ended_by_itself node1 || lab_blame proof "fencing was called a success while node1 ran"
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_expect voting node2
}
