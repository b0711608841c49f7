# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Randomised rounds of eviction faults. A round is made from the seed and its own number alone: a
# target, the fault that is to have it evicted, and up to two more that come in between. Rounds of
# one cluster follow each other: when what a round did was seen, everything is healed, and the next
# one begins when all is well. labaudit judges each by itself.

ROUNDS_TOGETHER=5  # rounds that share a cluster, and so its number of nodes
ROUNDS_SERVE_S=60  # after the last fault: the service runs, and who must be fenced was
ROUNDS_TAKE_S=130  # more, where the evictor may die while the fencer works on what it asked for
ROUNDS_HEAL_S=120  # all nodes are members again, with the vote and their fencing devices

# ---- what a round does: pure, from seed and number ----

# A linear congruential generator of its own: bash's RANDOM differs between versions.
rounds_seed() { ROUNDS_STATE=$(($1 * 1000003 + $2 * 7919 + 12345)); }

# A number below $1 in ROUNDS_RND. (No subshell: the state must go on.)
rounds_rnd()
{
	ROUNDS_STATE=$((ROUNDS_STATE * 6364136223846793005 + 1442695040888963407))
	ROUNDS_RND=$((((ROUNDS_STATE >> 33) & 0x7fffffff) % $1))
}

rounds_pick()
{
	rounds_rnd $#
	ROUNDS_WORD=${*:ROUNDS_RND+1:1}
}

# A time from $1 to $2 ms, in steps of 100.
rounds_time()
{
	rounds_rnd $((($2 - $1) / 100 + 1))
	ROUNDS_MS=$(($1 + ROUNDS_RND * 100))
}

# Nodes of the cluster that a round belongs to: rounds_nodes SEED ROUND
rounds_nodes()
{
	rounds_seed "$1" $((-1 - ($2 - 1) / ROUNDS_TOGETHER))
	rounds_rnd 7
	rounds_rnd 3
	echo $((2 + ROUNDS_RND))
}

# The plan of a round: rounds_plan SEED ROUND NODES. Sets ROUND_TARGET, ROUND_EVICTOR, ROUND_FENCED
# (must), ROUND_MAY (be fenced), ROUND_STEADY, and ROUND_STEPS, lines "MS WHAT [NODE [MORE]]".
rounds_plan()
{
	local i first nodes=$3 extras
	rounds_seed "$1" "$2"
	rounds_rnd 7
	rounds_rnd "$nodes"
	ROUND_TARGET=node$((ROUNDS_RND + 1))
	# Who asks first: the lowest that lives.
	ROUND_EVICTOR=node1
	[[ $ROUND_TARGET != node1 ]] || ROUND_EVICTOR=node2
	ROUND_FENCED=$ROUND_TARGET ROUND_MAY='' ROUND_STEADY='' ROUND_STEPS=''
	for ((i = 1; i <= nodes; i++)); do
		[[ node$i == "$ROUND_TARGET" ]] || ROUND_STEADY+=" node$i"
	done
	rounds_pick disk-fail disk-fail disk-fail disk-fail disk-stall disk-stall daemon-stop daemon-stop \
		daemon-stop daemon-kill daemon-kill node-freeze power-off evict evict
	first=$ROUNDS_WORD
	rounds_step 0 "$first" "$ROUND_TARGET"
	# A write that hangs lands when the path lets go of the dead node, so that X begins anew: the vote
	# may then come later than sync_timeout.
	[[ $first != disk-stall ]] || ROUND_STEADY=''
	rounds_pick 0 1 1 1 1 2 2
	extras=$ROUNDS_WORD
	for ((i = 0; i < extras; i++)); do
		rounds_extra "$first" "$nodes"
	done
	ROUND_STEPS=$(sort -n -s <<<"${ROUND_STEPS%$'\n'}")
}

rounds_step() { ROUND_STEPS+="$*"$'\n'; }

rounds_has() { [[ $ROUND_STEPS == *" $1"* ]]; }

# The target's end is not certain any more; or a node beside it is disturbed.
rounds_perhaps()
{
	ROUND_FENCED=${ROUND_FENCED/$1/}
	ROUND_MAY+=" $1"
	ROUND_STEADY=${ROUND_STEADY/ $1/}
}

rounds_extra()
{
	local first=$1 nodes=$2 t=$ROUND_TARGET e=$ROUND_EVICTOR at
	rounds_pick bridge-kill bridge-kill fencer-kill bmc-refuse bmc-refuse bmc-stop bmc-stop \
		daemon-crash evictor-off split reboot reboot disk-back shutdown maintenance freeze second
	# One of a kind; and what takes the target away goes with nothing else that does.
	! rounds_has "$ROUNDS_WORD" || return 0
	case $ROUNDS_WORD in
	reboot | shutdown | split | disk-back | maintenance | freeze | evictor-off | daemon-crash | second)
		[[ -z $ROUND_MAY ]] || return 0
		;;
	esac
	case $ROUNDS_WORD in
	bridge-kill)
		rounds_time 0 5000
		rounds_step "$ROUNDS_MS" bridge-kill "$e"
		at=$ROUNDS_MS
		rounds_time 300 3000
		rounds_step $((at + ROUNDS_MS)) bridge-start "$e"
		;;
	fencer-kill)
		rounds_time 0 5000
		rounds_step "$ROUNDS_MS" fencer-kill "$e"
		;;
	bmc-refuse)
		rounds_time 2000 9000
		rounds_step 0 bmc-refuse "$t"
		rounds_step "$ROUNDS_MS" bmc-accept "$t"
		;;
	bmc-stop)
		rounds_time 2000 9000
		rounds_step 0 bmc-stop "$t"
		rounds_step "$ROUNDS_MS" bmc-go "$t"
		;;
	daemon-crash)
		rounds_time 0 5000
		rounds_step "$ROUNDS_MS" daemon-crash "$e"
		rounds_perhaps "$t"
		ROUND_STEADY=${ROUND_STEADY/ $e/}
		;;
	evictor-off)
		((nodes > 2)) || return 0
		rounds_time 0 6000
		rounds_step "$ROUNDS_MS" power-off "$e"
		rounds_perhaps "$t"
		ROUND_FENCED+=" $e" ROUND_STEADY=${ROUND_STEADY/ $e/}
		;;
	split)
		rounds_extra_split "$nodes"
		;;
	reboot)
		[[ $first != power-off && $first != node-freeze ]] || return 0
		rounds_time 300 5000
		rounds_step "$ROUNDS_MS" reboot "$t"
		rounds_perhaps "$t"
		;;
	disk-back)
		[[ $first == disk-* ]] || return 0
		rounds_time 1500 4500
		rounds_step "$ROUNDS_MS" disk-back "$t"
		rounds_perhaps "$t"
		;;
	shutdown)
		[[ $first != power-off && $first != node-freeze ]] || return 0
		rounds_time 0 4000
		rounds_step "$ROUNDS_MS" shutdown "$t"
		rounds_perhaps "$t"
		;;
	maintenance)
		rounds_time 2000 7000
		rounds_step 0 maintenance "$e" true
		rounds_step "$ROUNDS_MS" maintenance "$e" false
		rounds_perhaps "$t"
		;;
	freeze)
		((nodes > 2)) || return 0
		rounds_time 0 4000
		at=$ROUNDS_MS
		rounds_step "$at" node-freeze "$e"
		rounds_time 500 6000
		rounds_step $((at + ROUNDS_MS)) node-thaw "$e"
		rounds_perhaps "$t"
		rounds_perhaps "$e"
		;;
	second)
		((nodes > 2)) || return 0
		rounds_step 0 disk-fail "node$nodes"
		[[ $t != "node$nodes" ]] || rounds_step 0 disk-fail "node$((nodes - 1))"
		rounds_perhaps "$t"
		for ((at = nodes - 1; at <= nodes; at++)); do
			[[ node$at == "$t" ]] || rounds_perhaps "node$at"
		done
		;;
	esac
}

# The target, or the evictor, alone; or halves.
rounds_extra_split()
{
	local i nodes=$1 a='' b=''
	rounds_pick target evictor half
	for ((i = 1; i <= nodes; i++)); do
		case $ROUNDS_WORD in
		target) [[ node$i == "$ROUND_TARGET" ]] ;;
		evictor) [[ node$i == "$ROUND_EVICTOR" ]] ;;
		half) ((i <= nodes / 2)) ;;
		esac && a+=,$i || b+=,$i
	done
	rounds_time 0 4500
	rounds_step "$ROUNDS_MS" split "${a#,}" "${b#,}"
	for ((i = 1; i <= nodes; i++)); do
		rounds_perhaps "node$i"
	done
}

# A plan in one line.
rounds_text()
{
	local ms words
	while read -r ms words; do
		printf '%s%s' "$words" "$( ((ms == 0)) || printf ' +%d.%d' $((ms / 1000)) $((ms / 100 % 10)))"
		printf ', '
	done <<<"$ROUND_STEPS" | sed 's/, $//'
}

# ---- doing it ----

rounds_serves_somewhere()
{
	local n
	for n in $(lab_node_names); do
		! lab_service_runs "$n" || { lab_is_quorate "$n" && return 0; }
	done
	return 1
}

rounds_has_ended()
{
	local n
	for n in $ROUND_FENCED; do
		lab_was_fenced "$n" || return 1
	done
	rounds_serves_somewhere
}

# One step. What has been fenced meanwhile is left alone: its fault is over.
rounds_do()
{
	local what=$1 n=${2:-} more=${3:-}
	case $what in
	node-thaw | disk-back | reboot | shutdown | bridge-start | evict)
		! lab_was_fenced "$n" || return 0
		;;
	esac
	case $what in
	bmc-* | split | disk-*) ;;
	*) lab_has_power "$n" || return 0 ;;
	esac
	case $what in
	disk-fail) lab_disk_fail "$n" ;;
	disk-stall) lab_disk_stall "$n" ;;
	disk-back) lab_disk_repair "$n" ;;
	daemon-stop)
		lab_stamp "$n" fault voter-dead
		lab_daemon_signal "$n" STOP
		;;
	daemon-kill)
		lab_stamp "$n" fault voter-dead
		lab_fault_signal "$n" KILL qarbd
		;;
	daemon-crash)
		lab_stamp "$n" fault voter-dead
		lab_fault_signal "$n" KILL qarbd
		sleep 0.5
		LAB_BRIDGE=no lab_device_start "$n"
		;;
	node-freeze) lab_freeze "$n" ;;
	node-thaw) lab_thaw "$n" ;;
	power-off) lab_power_off "$n" ;;
	evict)
		lab_stamp "$n" fault evict
		# What refuses is a rule; the target then need not be fenced.
		if ! lab_in "$ROUND_EVICTOR" "$LAB_QARBCTL" evict "$n" >"$LAB_DIR/evict.out" 2>&1; then
			ROUND_NOTE=$(tail -n 1 "$LAB_DIR/evict.out")
			rounds_keep
			rounds_perhaps "$n"
		fi
		;;
	bridge-kill) lab_running "$n" qarb-fence-bridge && lab_fault_signal "$n" KILL qarb-fence-bridge ;;
	bridge-start) lab_bridge_start "$n" ;;
	fencer-kill)
		lab_running "$n" pacemaker-fenced && lab_fault_signal "$n" KILL pacemaker-fenced
		# An agent that it left behind would fence, and Pacemaker's controller, which cannot know of
		# it, asks again.
		lab_signal "$n" KILL fence_ipmilan
		lab_signal "$n" KILL ipmitool
		;;
	bmc-refuse)
		lab_bmc_fail "$n"
		LAB_BMC_PASSWORD=other lab_bmc_repair "$n"
		;;
	bmc-accept)
		lab_bmc_fail "$n"
		lab_bmc_repair "$n"
		;;
	bmc-stop) lab_bmc_signal "$n" STOP ;;
	bmc-go) lab_bmc_signal "$n" CONT ;;
	split) lab_split "$n" "$more" ;;
	reboot)
		lab_stamp "$n" fault reboot
		lab_kill_pid "$(lab_node_pid "$n")"
		;;
	shutdown)
		lab_stamp "$n" fault shutdown
		rounds_shutdown "$n" &
		ROUND_SHUTDOWN=$!
		;;
	maintenance)
		lab_stamp lab fault maintenance "$more"
		lab_in "$n" timeout 10 crm_attribute --type crm_config --name maintenance-mode --update "$more"
		;;
	esac
}

# In order, as far as it gets: the node may be fenced at any moment.
rounds_shutdown()
{
	local p
	for p in pacemakerd qarb-fence-bridge qarbd corosync; do
		lab_signal "$1" TERM "$p"
		lab_wait 30 lab_not_running "$1" "$p" || return 0
	done
}

# ---- healing, and waiting until all is well ----

rounds_heal()
{
	local n
	lab_heal
	for n in $(lab_node_names); do
		grep -q '"lab" "lab"' "$LAB_DIR/bmc/$n/lan.conf" || rounds_do bmc-accept "$n"
		lab_kill_pid "$(<"$LAB_DIR/bmc/$n/pid")" CONT
		lab_disk_repair "$n"
		lab_has_power "$n" || continue
		# What was fenced has another life, in which nothing is stopped.
		! rounds_has "node-freeze $n" || lab_was_fenced "$n" || lab_thaw "$n"
		! rounds_has "daemon-stop $n" || lab_was_fenced "$n" || lab_daemon_signal "$n" CONT
		! rounds_has "daemon-" || lab_stamp "$n" fault voter-alive
	done
	[[ -z $ROUND_SHUTDOWN ]] || wait "$ROUND_SHUTDOWN" || :
	! rounds_has "maintenance" || rounds_do maintenance "$ROUND_EVICTOR" false
	for n in $(lab_node_names); do
		rounds_restart "$n"
	done
}

# What does not run on a node with power is started; a node that boots does that by itself.
rounds_restart()
{
	local n=$1
	lab_has_power "$n" || return 0
	lab_cluster_start_once "$n"
	(
		flock 9
		lab_running "$n" qarbd || LAB_BRIDGE=no lab_device_start "$n" 9>&-
		lab_running "$n" qarb-fence-bridge || lab_bridge_start "$n" 9>&-
		lab_running "$n" pacemakerd || lab_pacemaker_start "$n" 9>&-
	) 9>"$LAB_DIR/state/$n.start"
}

rounds_bridge_knows()
{
	[[ $(lab_status "$1" 2>/dev/null |
		jq '.bridge | .connected and .fencer and .known and .fencing_enabled and (.maintenance | not)') == true ]]
}

rounds_all_well()
{
	local n
	for n in $(lab_node_names); do
		ROUNDS_LACKS="$n is a member with the vote"
		{ lab_has_power "$n" && lab_members_are "$n" "$(scene_all_ids)" && lab_votes "$n" &&
			lab_is_quorate "$n"; } || return 1
	done
	ROUNDS_LACKS="all nodes are online in Pacemaker" && lab_peers_online node1 &&
		ROUNDS_LACKS="fencing is ready" && lab_fencing_ready &&
		ROUNDS_LACKS="the service runs" && rounds_serves_somewhere || return 1
	for n in $(lab_node_names); do
		ROUNDS_LACKS="the bridge on $n knows the facts"
		rounds_bridge_knows "$n" || return 1
	done
}

rounds_wait_well()
{
	local i
	for ((i = 0; i < 4; i++)); do
		lab_wait $((ROUNDS_HEAL_S / 4)) rounds_all_well && return 0
		# A node that was fenced while it was healed may lack a process by now.
		for n in $(lab_node_names); do
			rounds_restart "$n"
		done
	done
	lab_fail "not within $ROUNDS_HEAL_S s of healing: $ROUNDS_LACKS"
}

# ---- judging and telling ----

# Who ordered an eviction or asked the fencer, and whose, from the programs' own logs.
rounds_requests()
{
	local n
	for n in $(lab_node_names); do
		awk -v n="$n" '
			match($0, /qarb-fence-bridge\[[0-9]+\]: request [0-9]+: (reboot|off) /) {
				print $1, n, "asks", substr($0, RSTART + RLENGTH)
				next
			}
			match($0, / qarbd\[[0-9]+\]: eviction-ordered node=[0-9]+ /) {
				text = substr($0, RSTART, RLENGTH - 1)
				sub(/.*=/, "", text)
				print $1, n, "orders", "node" text
			}
			match($0, /pacemaker-fenced\[[0-9]+\]: .*Client [^ ]+ wants to fence \((reboot|off)\) /) {
				text = substr($0, RSTART + RLENGTH)
				sub(/ .*/, "", text)
				if ($0 ~ /Client pacemaker-controld/)
					print $1, n, "wants", text
			}' "$LAB_DIR/$n/log/syslog"
	done | sort -n >"$LAB_DIR/requests"
}

# "3.1" for an instant in ns, in s since the first fault; "-" for none.
rounds_since()
{
	[[ -n $1 ]] && awk -v a="$ROUND_AT" -v b="$1" 'BEGIN { printf "%.1f", (b - a) / 1e9 }' || printf -- -
}

rounds_first_event()
{
	awk -v since="$ROUND_AT" -v re="$1" '$1 >= since && $0 ~ re { print $1; exit }' "$2"
}

# The line of a round: rounds_line RESULT
rounds_line()
{
	local request fenced served=
	request=$(rounds_first_event " asks $ROUND_TARGET\$" "$LAB_DIR/requests")
	fenced=$(rounds_first_event " $ROUND_TARGET bmc " "$LAB_DIR/events")
	[[ $ROUND_SERVED != "$ROUND_TARGET" ]] ||
		served=$(rounds_first_event ' service start ' "$LAB_DIR/events")
	printf 'round %d seed %s nodes %d: %s: request %s s, fenced %s s, service back %s s: %s\n' "$ROUND" \
		"$LAB_SEED" "$LAB_NODES" "$(rounds_text)" "$(rounds_since "$request")" \
		"$(rounds_since "$fenced")" "$(rounds_since "$served")" "$1" |
		tee -a "$LAB_DIR/rounds" >>"${LAB_ROUNDS_OUT:-/dev/null}"
}

# What the line of the round tells, out of the subshell that does it.
rounds_keep()
{
	declare -p ROUND_AT ROUND_SERVED ROUND_NOTE | sed 's/^declare --/declare -g/' >"$LAB_DIR/round.state"
}

rounds_one()
{
	local ms words now n limit=$ROUNDS_SERVE_S
	for n in $(lab_node_names); do
		! lab_service_runs "$n" || ROUND_SERVED=$n
	done
	lab_stamp lab round "$ROUND" begin
	lab_stamp lab note "$(rounds_text)"
	# shellcheck disable=SC2086
	[[ -z $ROUND_STEADY ]] || lab_expect steady $ROUND_STEADY
	ROUND_AT=$(lab_now_ns)
	rounds_keep
	while read -r ms words; do
		now=$((($(lab_now_ns) - ROUND_AT) / 1000000))
		((now >= ms)) || sleep "$(awk -v ms=$((ms - now)) 'BEGIN { print ms / 1000 }')"
		# shellcheck disable=SC2086
		rounds_do $words || :
	done <<<"$ROUND_STEPS"
	if [[ -n $ROUND_MAY ]]; then
		# Nothing needs to happen; but whatever does has the time.
		now=$((($(lab_now_ns) - ROUND_AT) / 1000000))
		((now >= LAB_EVICT_AFTER + 4000)) ||
			sleep "$(awk -v ms=$((LAB_EVICT_AFTER + 4000 - now)) 'BEGIN { print ms / 1000 }')"
	fi
	rounds_expect_fenced
	[[ -z $ROUND_MAY ]] || limit=$((limit + ROUNDS_TAKE_S))
	lab_require "$limit" "fenced: ${ROUND_FENCED:-nobody}, and the service runs" rounds_has_ended
	sleep 2
	rounds_heal
	rounds_wait_well
}

rounds_expect_fenced()
{
	# shellcheck disable=SC2086
	[[ -z ${ROUND_FENCED// /} ]] || lab_expect fenced $ROUND_FENCED
	# shellcheck disable=SC2086
	[[ -z ${ROUND_MAY// /} ]] || lab_expect mayfence $ROUND_MAY
}

# One round and its audit; its line is printed whatever happened. returns: 0 it passed
rounds_round()
{
	local said rc=0 result=passed
	ROUND=$1 ROUND_NOTE='' ROUND_SERVED='' ROUND_SHUTDOWN=''
	rounds_plan "$LAB_SEED" "$ROUND" "$LAB_NODES"
	ROUND_AT=$(lab_now_ns)
	rm -f "$LAB_DIR/round.state"
	# lab_fail ends the subshell alone.
	(rounds_one) || rc=$?
	# shellcheck disable=SC1091
	[[ ! -e $LAB_DIR/round.state ]] || . "$LAB_DIR/round.state"
	lab_stamp lab round "$ROUND" end
	rounds_requests
	said=$("$LAB_BIN/labaudit" --round "$ROUND" "$LAB_DIR" 2>&1) || result=FAILED
	awk -v k="$ROUND" '{ sub(/^FAIL [^:]*:/, "& round " k ":"); print }' <<<"$said" >>"$LAB_DIR/rounds.audit"
	if [[ $result == FAILED ]]; then
		result="FAILED: $(grep -v '^audits' <<<"$said" | grep -e '^FAIL' -e labaudit: | sed 's/^FAIL //' | paste -sd';')"
	elif ((rc != 0)); then
		result="FAILED: $(grep ' lab failed ' "$LAB_DIR/events" | tail -n 1 | cut -d ' ' -f 4-)"
	fi
	rounds_line "$result${ROUND_NOTE:+ ($ROUND_NOTE)}"
	[[ $result == passed ]]
}

# All rounds of LAB_ROUNDS, as far as they pass: what follows a failed one begins on a new cluster.
rounds_all()
{
	local k
	rounds_wait_well
	for k in ${LAB_ROUNDS//,/ }; do
		rounds_round "$k" || return 1
	done
}

# The programs' logs were read as they are written: rounds_recorded NODE orders|asks|wants TARGET
rounds_recorded()
{
	grep -q "^[0-9]* $1 $2 $3\$" "$LAB_DIR/requests" || lab_fail "nothing tells that $1 $2 $3"
}

rounds_audit()
{
	[[ -s $LAB_DIR/rounds.audit ]] || return 2
	cat "$LAB_DIR/rounds.audit"
	! grep -q '^FAIL ' "$LAB_DIR/rounds.audit"
}

# What many rounds showed, from their lines: rounds_summary FILE...
rounds_summary()
{
	grep -h '^round .*: request ' "$@" 2>/dev/null | awk '
		function spread(name, n, v,   i, k, t) {
			for (i = 2; i <= n; i++)
				for (k = i; k > 1 && v[k - 1] > v[k]; k--) {
					t = v[k]
					v[k] = v[k - 1]
					v[k - 1] = t
				}
			return n ? sprintf("; %s: median %.1f s, longest %.1f s (%d)", name, v[int((n + 1) / 2)], v[n], n) : ""
		}
		function value(name) {
			if (!match($0, name " [0-9.]+ s"))
				return ""
			return substr($0, RSTART + length(name) + 1, RLENGTH - length(name) - 3) + 0
		}
		{
			rounds++
			if ((x = value("request")) != "")
				request[++requests] = x
			if ((x = value("fenced")) != "")
				fenced[++fencings] = x
			if ((x = value("service back")) != "")
				back[++backs] = x
			twice += /was fenced [0-9]+ times/
			voteless += /voteless:/
		}
		END {
			printf "%d rounds: %d targets fenced, %d twice, %d without the vote%s%s%s\n", rounds, fencings,
				twice, voteless, spread("request", requests, request),
				spread("fenced", fencings, fenced), spread("service back", backs, back)
		}'
}
