# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Nodes, cables, the switch. A node is a process tree with its own pid, mount, network, UTS and IPC
# namespace; its state survives in LAB_DIR/NAME while its power is off. The switch and the
# management network are one more network namespace each. Also "qnetd" is a node, without BMC.

lab_id_of()
{
	case $1 in
	node*) echo "${1#node}" ;;
	qnetd) echo 99 ;;
	*) lab_fail "no node is called $1" ;;
	esac
}

# Its id in the cluster.
lab_nodeid_of() { echo $((LAB_ID_BASE + $(lab_id_of "$1"))); }

lab_addr() { echo "10.77.0.$(lab_id_of "$1")"; }

lab_ns_hold()
{
	local pid own
	lab_spawn "$1.log" unshare --net -- sleep infinity
	pid=$LAB_SPAWNED
	own=$(readlink /proc/self/ns/net)
	lab_wait 5 lab_ns_apart "$pid" "$own" || lab_fail "no network namespace for the $1"
	echo "$pid" >"$LAB_DIR/state/$1"
}

lab_ns_apart()
{
	local ns
	ns=$(readlink "/proc/$1/ns/net") && [[ $ns != "$2" ]]
}

lab_switch() { nsenter -t "$(<"$LAB_DIR/state/switch")" -n -- "$@"; }
lab_mgmt() { nsenter -t "$(<"$LAB_DIR/state/mgmt")" -n -- "$@"; }

lab_network_create()
{
	lab_ns_hold switch
	lab_ns_hold mgmt
	lab_switch sh -e -c '
		ip link set lo up
		ip link add br0 type bridge forward_delay 0 mcast_snooping 0
		ip link set br0 up
		nft add table bridge lab
		nft add chain bridge lab cuts "{ type filter hook forward priority 0; }"'
	# A bridge takes the lowest address of its ports, which changes as nodes come and go; the BMCs
	# live on it and must keep theirs.
	lab_mgmt sh -e -c '
		ip link set lo up
		ip link add br0 address 02:00:00:00:78:00 type bridge forward_delay 0 mcast_snooping 0
		ip link set br0 up'
}

lab_node_pid()
{
	local pid
	pid=$(cat "$LAB_DIR/$1/pid" 2>/dev/null) && [[ -d /proc/$pid ]] && echo "$pid"
}

lab_has_power() { [[ -n $(lab_node_pid "$1") ]]; }

# Run a command in a node and wait for it: lab_in NODE COMMAND...
# Whoever starts what belongs to one boot of a node names its pid in LAB_BOOT_PID, and ends with it.
lab_in()
{
	local pid
	pid=$(lab_node_pid "$1") || {
		[[ -z ${LAB_BOOT_PID:-} ]] || exit 0
		return 125
	}
	[[ -z ${LAB_BOOT_PID:-} || $pid == "$LAB_BOOT_PID" ]] || exit 0
	shift
	QARB_LAB=$LAB_ID nsenter -t "$pid" -a -- "$@"
}

# Start a program in a node, as a child of its pid 1: lab_bg NODE LOG COMMAND...
lab_bg()
{
	local node=$1 log=$LAB_DIR/$1/$2
	shift 2
	# shellcheck disable=SC2016
	lab_in "$node" sh -c 'l=$1; shift; setsid "$@" >>"$l" 2>&1 </dev/null &' sh "$log" "$@"
}

# Power a node on. It has its cables and a sampler, but no cluster.
lab_power_on()
{
	local node=$1 dir=$LAB_DIR/$1 pid id
	lab_has_power "$node" && return 0
	mkdir -p "$dir/log" "$LAB_RAM/$node"/{etc,etc.work,varlib,varlib.work}
	rm -f "$dir/pid"
	id=$(lab_id_of "$node")
	QARB_LAB=$LAB_ID setsid unshare --mount --net --uts --ipc --pid --fork --kill-child -- \
		"$LAB_HOME/node-boot" "$LAB_DIR" "$node" "$LAB_BIN" >>"$dir/boot.log" 2>&1 </dev/null &
	echo $! >>"$LAB_DIR/pids"
	disown $!
	lab_wait 10 test -s "$dir/pid" || lab_fail "$node did not boot: $(tail -n 1 "$dir/boot.log")"
	pid=$(<"$dir/pid")
	lab_switch sh -e -c "
		ip link del p$id 2>/dev/null || :
		ip link add p$id type veth peer name eth0 netns $pid
		ip link set p$id master br0
		ip link set p$id up"
	lab_mgmt sh -e -c "
		ip link del m$id 2>/dev/null || :
		ip link add m$id type veth peer name eth1 netns $pid
		ip link set m$id master br0
		ip link set m$id up"
	lab_in "$node" sh -e -c "
		ip link set lo up
		ip addr add 10.77.0.$id/24 dev eth0
		ip addr add 10.78.0.$id/24 dev eth1
		ip link set eth0 up
		ip link set eth1 up"
	[[ $node == qnetd ]] || {
		lab_disk_attach "$node"
		[[ $LAB_SAMPLER == no ]] || lab_sampler_start "$node"
	}
	lab_stamp "$node" power on
}

lab_sampler_start()
{
	lab_bg "$1" sampler.log chrt -r 10 "$LAB_BIN/labsampler" "$LAB_DIR/samples/$1" "$LAB_SAMPLE_MS" \
		"$LAB_ID_BASE"
}

# Silent loss of power: first the cable, so that no FIN or RST leaves the node, then everything.
lab_power_off()
{
	local node=$1 id
	id=$(lab_id_of "$node")
	lab_has_power "$node" || return 0
	lab_stamp "$node" power off
	lab_switch ip link set "p$id" down || :
	lab_kill_node "$node"
	lab_switch ip link del "p$id" 2>/dev/null || :
	lab_mgmt ip link del "m$id" 2>/dev/null || :
}

# Several nodes lose power in the same instant.
lab_power_off_all()
{
	local n pid cables='' pids=()
	for n in "$@"; do
		pid=$(lab_node_pid "$n") || continue
		pids+=("$pid")
		cables+="link set p$(lab_id_of "$n") down"$'\n'
	done
	for n in "$@"; do
		lab_stamp "$n" power off
	done
	lab_switch ip -batch - <<<"$cables"
	kill -KILL "${pids[@]}" 2>/dev/null || :
	for n in "$@"; do
		lab_kill_node "$n"
		lab_switch ip link del "p$(lab_id_of "$n")" 2>/dev/null || :
		lab_mgmt ip link del "m$(lab_id_of "$n")" 2>/dev/null || :
	done
}

# A worker that hangs on a stalled disk path keeps the pid namespace alive: the path is let go of.
lab_kill_node()
{
	local pid
	pid=$(lab_node_pid "$1") || return 0
	kill -KILL "$pid" 2>/dev/null || :
	if ! lab_wait 1 lab_pid_gone "$pid"; then
		lab_disk_abort "$1"
		lab_wait 10 lab_pid_gone "$pid" || lab_say "$1 does not die"
	fi
	rm -f "$LAB_DIR/$1/pid"
}

lab_pid_gone()
{
	local state
	[[ -d /proc/$1 ]] || return 0
	state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
	[[ $state == Z* ]]
}

# Cut the wire between two nodes: both ways, or only what the first sends to the second.
lab_cut()
{
	local a b
	a=$(lab_id_of "$1") b=$(lab_id_of "$2")
	lab_switch nft add rule bridge lab cuts iifname "p$a" oifname "p$b" drop
	[[ ${3:-both} == one ]] ||
		lab_switch nft add rule bridge lab cuts iifname "p$b" oifname "p$a" drop
	lab_stamp lab fault cut "$1" "$2" "${3:-both}"
}

# Only nodes of one group hear each other, from one instant on: lab_split 1,2 3,4,5
# It replaces every cut there was.
lab_split()
{
	local rules='flush chain bridge lab cuts' a b i k
	local groups=("$@")
	for ((i = 0; i < $#; i++)); do
		for ((k = 0; k < $#; k++)); do
			((i != k)) || continue
			for a in ${groups[i]//,/ }; do
				for b in ${groups[k]//,/ }; do
					rules+=$'\n'"add rule bridge lab cuts iifname p$a oifname p$b drop"
				done
			done
		done
	done
	lab_switch nft -f - <<<"$rules"
	lab_stamp lab fault split "$@"
}

lab_heal()
{
	lab_switch nft flush chain bridge lab cuts
	lab_stamp lab fault heal
}
