# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Faults in nodes, and questions about them. Each fault leaves an event; the audits compute the
# windows in which they look away from these events alone.

# Pids, as the node sees them, of its processes with exactly this name (comm; 15 characters).
lab_pids_of()
{
	local name=$2
	# shellcheck disable=SC2016
	lab_in "$1" sh -c '
		for d in /proc/[0-9]*; do
			read -r c <$d/comm && [ "$c" = "$1" ] && echo ${d#/proc/}
		done 2>/dev/null' sh "${name:0:15}" || :
}

lab_not_running() { [[ -z $(lab_pids_of "$1" "$2") ]]; }
lab_running() { [[ -n $(lab_pids_of "$1" "$2") ]]; }

# Signal all processes of a name in a node, quietly none: lab_signal NODE SIGNAL NAME
lab_signal()
{
	local pids
	pids=$(lab_pids_of "$1" "$3")
	# Its children may end with it, before their turn.
	# shellcheck disable=SC2086,SC2016
	[[ -z $pids ]] || lab_in "$1" sh -c '
		signal=$1
		shift
		for p; do
			kill "-$signal" "$p" 2>/dev/null || [ ! -e "/proc/$p" ] || exit 1
		done' sh "$2" ${pids//$'\n'/ }
}

# The same as a fault: there must be such a process.
lab_fault_signal()
{
	lab_running "$1" "$3" || lab_fail "no process $3 on $1"
	lab_stamp "$1" fault signal "$2" "$3"
	lab_signal "$1" "$2" "$3"
}

# Stop every process of a node but its init, as a hypervisor would; and continue them.
lab_freeze()
{
	lab_stamp "$1" fault freeze
	lab_in "$1" sh -c 'kill -STOP -1'
}

lab_thaw()
{
	lab_stamp "$1" fault thaw
	lab_in "$1" sh -c 'kill -CONT -1'
}

# The last line of a kind (I, N, Q) that a node's sampler wrote.
lab_last_line()
{
	tail -c 20000 "$LAB_DIR/samples/$1" 2>/dev/null | grep "^$2 " | tail -n 1
}

lab_field()
{
	local line=$1
	[[ $line == *" $2="* ]] || return 1
	line=${line#*" $2="}
	echo "${line%% *}"
}

# What the newest sample says; fails when it is older than half a second.
lab_flags()
{
	local line t now
	line=$(lab_last_line "$1" I)
	[[ -n $line ]] || return 1
	read -r _ t _ <<<"$line"
	now=$(lab_now_ns)
	((now - t < 500000000)) || return 1
	lab_field "$line" flags
}

# votequorum's bits
lab_has_flag()
{
	local flags
	flags=$(lab_flags "$1") && ((flags & $2))
}

lab_lacks_flag()
{
	local flags
	flags=$(lab_flags "$1") && ! ((flags & $2))
}

lab_is_quorate() { lab_has_flag "$1" 2; }
lab_not_quorate() { lab_lacks_flag "$1" 2; }
lab_votes() { lab_has_flag "$1" 256; }
lab_votes_not() { lab_lacks_flag "$1" 256; }

lab_members_are()
{
	[[ $(lab_field "$(lab_last_line "$1" I)" members) == "$2" ]]
}

lab_settled()
{
	local n
	n=$(lab_start_nodes)
	lab_service_runs "$LAB_SERVICE_NODE" || return 1
	lab_peers_online "${n%%$'\n'*}" || return 1
	[[ $LAB_FENCING == no ]] || lab_fencing_ready
}

lab_crm() { lab_in "$1" crm_mon -1 --output-as=xml 2>/dev/null; }

# All nodes online as seen from one: no pending or unclean one.
lab_peers_online()
{
	[[ $(lab_crm "$1" | grep -c '<node name="[^"]*" id="[^"]*" online="true" standby="false" standby_onfail="false" maintenance="false" pending="false" unclean="false"') -eq $LAB_NODES ]]
}

lab_fencing_ready()
{
	local n crm
	crm=$(lab_crm node1)
	[[ $LAB_AGENT == ipmi ]] || lab_resource_started poison "$crm" || return 1
	[[ $LAB_AGENT != qarb ]] || return 0
	for n in $(lab_node_names); do
		lab_resource_started "fence-$n" "$crm" || return 1
	done
}

lab_resource_started()
{
	grep -q "<resource id=\"$1\".* role=\"Started\" active=\"true\"" <<<"$2"
}

lab_dc_is()
{
	lab_crm "$2" | grep -q "<current_dc present=\"true\".* name=\"$1\""
}

# By the service's own stamps.
lab_service_runs()
{
	local last
	lab_has_power "$1" || return 1
	last=$(grep -E "^[0-9]+ $1 (service (start|stop)|power)" "$LAB_DIR/events" | tail -n 1)
	[[ $last == *" service start"* ]]
}

lab_status() { lab_in "$1" "$LAB_QARBCTL" status --output-as=json; }

# Fenced so often since the scenario, or its newest round, began; labaudit counts in the same way.
lab_fenced_times()
{
	awk -v n="$1" '
		$2 == "lab" && ($3 == "begin" || $3 == "round" && $5 == "begin") { c = 0 }
		$2 == n && $3 == "bmc" {
			off = $4 == "power" && $5 == 0
			if (off || $4 == "reset" || !was_off)
				c++
			was_off = off
		}
		END { print c + 0 }' "$LAB_DIR/events"
}

lab_was_fenced() { (($(lab_fenced_times "$1") > 0)); }

# What the audits are to expect: lab_expect KIND WORD...
#	steady NODE...     from here on its quorate flag never goes 1-0-1, and is 1 at the end
#	novote NODE...     from here on it never has the device's vote
#	casting NODE...    from here on it always has the device's vote
#	voted NODE...      has the device's vote at least once from half a second before on
#	voting NODE...     has the device's vote at the end
#	(unsteady, mayvote and maycease end steady, novote and casting)
#	service OP:NODE... the starts and stops, in this order (all expectations of a scenario together;
#			one that ends with ? may be left out)
#	fenced NODE...     is fenced, once
lab_expect() { lab_stamp lab expect "$@"; }

# Who leads on the (first) disk, as a node's qarbd says; its number.
lab_disk_leader()
{
	local id
	id=$(lab_status "$1" | jq -r 'first(.. | objects | .leader? // empty) |
		if type == "object" then .node_id // .node // empty else . end')
	[[ -z $id ]] || echo $((id - LAB_ID_BASE))
}

lab_disk_leader_is() { [[ $(lab_disk_leader "$1") == "$2" ]]; }
