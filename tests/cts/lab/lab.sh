# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
#
# A laboratory: N cluster nodes on one machine. This file makes, describes and removes one; the
# files beside it hold nodes and cables (nodes.sh), the cluster software (cluster.sh), disks
# (disk.sh), fencing hardware (bmc.sh), and faults and questions (faults.sh).
#
# Everything of a laboratory is below LAB_DIR, in namespaces held by processes listed there, or a
# loop device whose number is written there, so that `lab_destroy` can be called from anywhere.
# Nothing is ever made in the network namespace of the machine.
#
# What a scenario may set before lab_start (defaults below); see cluster.sh for the meaning.

LAB_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_TOP=$(cd "$LAB_HOME/../../.." && pwd)
: "${LAB_BUILD:=${BUILD:-build}}"
[[ $LAB_BUILD == /* ]] || LAB_BUILD=$LAB_TOP/$LAB_BUILD
LAB_BIN=$LAB_BUILD/release/cts

# shellcheck source=nodes.sh
. "$LAB_HOME/nodes.sh"
# shellcheck source=bmc.sh
. "$LAB_HOME/bmc.sh"
# shellcheck source=disk.sh
. "$LAB_HOME/disk.sh"
# shellcheck source=cluster.sh
. "$LAB_HOME/cluster.sh"
# shellcheck source=faults.sh
. "$LAB_HOME/faults.sh"
# shellcheck source=crm.sh
. "$LAB_HOME/crm.sh"
# shellcheck source=timeline.sh
. "$LAB_HOME/timeline.sh"
# shellcheck source=scenes.sh
. "$LAB_HOME/scenes.sh"
# shellcheck source=scenes_many.sh
. "$LAB_HOME/scenes_many.sh"
# shellcheck source=evict.sh
. "$LAB_HOME/evict.sh"
# shellcheck source=rounds.sh
. "$LAB_HOME/rounds.sh"

lab_defaults()
{
	LAB_NODES=2             # how many
	LAB_ID_BASE=0           # is added to each node's number to make its node id
	LAB_NAME_END=           # after each node's name in corosync.conf
	LAB_LISTED=             # nodes in corosync.conf and on the disk; empty: all
	LAB_TOKEN=1000          # totem token, ms
	LAB_TRANSPORT=knet      # knet takes node ids below 65536 only; udpu takes all
	LAB_TOTEM=              # more lines of totem { }
	LAB_KNET_PING_MS=       # knet_ping_timeout; empty: corosync's default, half the token
	LAB_DEVICE=none         # none (two_node) | absent | qarb | net
	LAB_TIMEOUT=450         # quorum.device.timeout
	LAB_SYNC_TIMEOUT=900    # quorum.device.sync_timeout; empty leaves corosync's default, both
	LAB_DEVICE_LINES=       # more lines of device { }
	LAB_QUORUM=             # more lines of quorum { }
	LAB_DEAD_MS=900
	LAB_TIE=lowest
	LAB_ALGORITHM=lms       # lms | ffsplit; ffsplit needs LAB_DEVICE_VOTES=1
	LAB_DEVICE_VOTES=              # quorum.device.votes; empty: votequorum derives nodes - 1
	LAB_NODE_VOTES=         # quorum_votes of node1, node2, ... in this order; empty: 1 each
	LAB_WAIT_FOR_ALL=       # quorum.wait_for_all; empty: left out
	LAB_ARBITER=            # lines of the arbiter, in place of the device's path
	LAB_DISK_CLUSTER=lab    # name of the cluster in the disk's header
	LAB_DEVICE_NODES=       # which nodes start the device; empty: those that start the cluster
	LAB_QARB=               # more lines of qarb { }
	LAB_BRIDGE=no           # yes: qarb-fence-bridge runs beside qarbd
	LAB_BRIDGE_FAULT=       # a deliberate fault of the bridge, by name
	LAB_EVICT_AFTER=        # evict_after_ms; empty: its default
	LAB_MAINTENANCE=        # evict_in_maintenance; empty: its default
	LAB_STONITH_ENABLED=    # stonith-enabled, if it is to differ from LAB_FENCING
	LAB_AGENT=ipmi          # ipmi | qarb | both: fencing devices; both: fence_qarb as second level
	LAB_AGENT_UNSAFE=       # unsafe_silence of fence_qarb; empty: left out
	LAB_WEIGH_EVERY=1s      # monitor interval of ocf:qarb:workload
	LAB_WEIGH_CRITICAL=false # its meta attribute
	LAB_WORKLOAD_FAULT=     # for sed: what is to be wrong with ocf:qarb:workload
	LAB_HEALTH_FAULT=       # the same of ocf:qarb:health
	LAB_SEED=1              # of randomised rounds (rounds.sh), and the numbers of those to run
	LAB_ROUNDS=1
	LAB_REBOOTS=no          # yes: a node that ends by itself boots again
	LAB_QNETD_OPTIONS=      # more options of corosync-qnetd
	LAB_NET_LINES=          # more lines of net { }
	LAB_PACEMAKER=yes
	LAB_FENCING=yes
	LAB_STONITH_ACTION=reboot
	LAB_SERVICE_NODE=node1  # where the service prefers to start
	LAB_SERVICE_NEXT=       # and where if that node is gone
	LAB_AUTOSTART=no        # a node that its BMC powers on starts the cluster
	LAB_DISK=plain          # plain | faulty | private: path of each node to the disk
	LAB_DISK_MB=4
	LAB_SAMPLE_MS=10
	LAB_SAMPLER=yes
	LAB_DC=                 # node that is to be Pacemaker's DC; empty: whoever is elected
	LAB_START_NODES=        # which nodes start the cluster; empty: all; none
	LAB_PRELOAD=            # library preloaded into qarbd and corosync
	LAB_QARBD_ENV=          # NAME=VALUE words for qarbd
	LAB_QARBD_OPTIONS=
	: "${LAB_QARBD:=${QARB_SBINDIR:-$LAB_BUILD/release}/qarbd}"
	: "${LAB_FENCE_BRIDGE:=${QARB_SBINDIR:-$LAB_BUILD/release}/qarb-fence-bridge}"
	: "${LAB_FENCE_AGENT:=${QARB_SBINDIR:-$LAB_BUILD/release}/fence_qarb}"
	: "${LAB_QARBCTL:=${QARB_SBINDIR:-$LAB_BUILD/release}/qarbctl}"
}

lab_say() { printf '%s\n' "$*" >&2; }

# The end of a scenario that found what must not be. Called in the scenario's own shell.
lab_fail()
{
	lab_stamp lab failed "$*"
	lab_say "failed: $*"
	exit 1
}

# What the scenario itself finds wrong with the product counts as an audit, as those of the records
# do: lab_blame AUDIT "what is wrong"
lab_blame()
{
	echo "FAIL $1: ${*:2}" >>"$LAB_DIR/blamed"
	lab_fail "${*:2}"
}

lab_skip()
{
	lab_say "skipped: $*"
	exit 77
}

# Append an event: WHERE KIND WORD...
lab_stamp()
{
	[[ -n ${LAB_DIR:-} && -d ${LAB_DIR:-/nonexistent} ]] || return 0
	"$LAB_BIN/labstamp" "$LAB_DIR/events" "$@"
}

lab_now_ns() { "$LAB_BIN/labstamp" --now; }

lab_node_names()
{
	local i
	for ((i = 1; i <= LAB_NODES; i++)); do
		echo "node$i"
	done
}

lab_start_nodes()
{
	case $LAB_START_NODES in
	"") lab_node_names ;;
	none) ;;
	*) printf '%s\n' "${LAB_START_NODES// /$'\n'}" ;;
	esac
}

# Does this node run the device once it runs the cluster?
lab_has_device() { [[ -z $LAB_DEVICE_NODES || " $LAB_DEVICE_NODES " == *" $1 "* ]]; }

# Poll every 50 ms until a command succeeds: lab_wait SECONDS COMMAND...
lab_wait()
{
	local limit_ms=$((${1%.*} * 1000)) start now
	shift
	start=$(lab_now_ns)
	while ! "$@"; do
		now=$(lab_now_ns)
		(((now - start) / 1000000 < limit_ms)) || return 1
		sleep 0.05
	done
}

# lab_require SECONDS "what must come true" COMMAND...
lab_require()
{
	local seconds=$1 text=$2
	shift 2
	lab_wait "$seconds" "$@" || lab_fail "not within $seconds s: $text"
}

# The same, and what does not come true is an audit: lab_demand SECONDS AUDIT "what" COMMAND...
lab_demand()
{
	local seconds=$1 audit=$2 text=$3
	shift 3
	lab_wait "$seconds" "$@" || lab_blame "$audit" "not within $seconds s: $text"
}

# Start a process of the laboratory outside its nodes: lab_spawn LOG COMMAND... ; sets LAB_SPAWNED.
lab_spawn()
{
	local log=$1
	shift
	QARB_LAB=$LAB_ID setsid "$@" >>"$LAB_DIR/log/$log" 2>&1 </dev/null &
	LAB_SPAWNED=$!
	disown "$LAB_SPAWNED"
	echo "$LAB_SPAWNED" >>"$LAB_DIR/pids"
}

# Does the process still belong to this laboratory? Pids are reused. environ is not readable for
# an instant while a process is being made, and empty when it is a zombie.
lab_owns_pid()
{
	grep -qsz "^QARB_LAB=$LAB_ID\$" "/proc/$1/environ"
}

lab_kill_pid()
{
	if lab_owns_pid "$1"; then
		kill "-${2:-KILL}" "$1" 2>/dev/null || :
	fi
}

lab_missing_programs()
{
	local p
	for p in corosync corosync-cmapctl nft ip unshare nsenter losetup setsid jq "$@"; do
		command -v "$p" >/dev/null || echo "$p"
	done
	for p in labinit labstamp labsampler labaudit; do
		[[ -x $LAB_BIN/$p ]] || echo "$LAB_BIN/$p"
	done
}

# Make the laboratory and start the cluster in it, as the LAB_ variables say.
lab_start()
{
	local missing
	[[ $EUID -eq 0 ]] || lab_skip "a laboratory needs root"
	missing=$(lab_missing_programs ipmi_sim fence_ipmilan pacemakerd)
	[[ -z $missing ]] || lab_skip "not installed or not built:" "$missing"
	lab_create
	lab_boot_all
	[[ $LAB_REBOOTS == no ]] || lab_spawn power-watch.log "$LAB_HOME/power-watch" "$LAB_DIR"
	lab_cluster_up
}

lab_create()
{
	lab_sweep
	LAB_DIR=$(mktemp -d "${TMPDIR:-/tmp}/qarb-lab.XXXXXX")
	LAB_ID=${LAB_DIR##*/}
	chmod 755 "$LAB_DIR"
	mkdir -p "$LAB_DIR"/{log,samples,bmc,disk,state}
	echo "$$ $(lab_start_time $$)" >"$LAB_DIR/owner"
	: >"$LAB_DIR/pids"
	: >"$LAB_DIR/events"
	: >"$LAB_DIR/loops"
	ln -s "$LAB_BIN" "$LAB_DIR/bin"
	[[ ! -x $LAB_FENCE_AGENT ]] || ln -s "$LAB_FENCE_AGENT" "$LAB_DIR/fence_qarb"
	# Disks and what the nodes write live in memory: a busy machine's fsync would otherwise be seen
	# as a slow quorum disk, by some hundred milliseconds.
	LAB_RAM=$LAB_DIR/ram
	if [[ $(stat -f -c %T /dev/shm 2>/dev/null) == tmpfs ]]; then
		mkdir "/dev/shm/$LAB_ID"
		ln -s "/dev/shm/$LAB_ID" "$LAB_RAM"
	else
		mkdir "$LAB_RAM"
	fi
	lab_save
	lab_network_create
	lab_disk_create
	[[ $LAB_FENCING == no ]] || lab_bmc_create
}

# What the BMC's script needs to know.
lab_save()
{
	local v
	for v in "${!LAB_@}"; do
		declare -p "$v"
	done | sed 's/^declare --/declare -g --/; s/^declare -x/declare -g -x/' >"$LAB_DIR/env.new"
	mv "$LAB_DIR/env.new" "$LAB_DIR/env"
}

lab_boot_all()
{
	local n
	for n in $(lab_node_names); do
		lab_power_on "$n"
	done
}

lab_start_time()
{
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	stat=${stat##*) }
	[[ $stat != Z* ]] || return 1
	# shellcheck disable=SC2086
	set -- $stat
	echo "${20}"
}

# Remove laboratories whose owner is gone without a trace, as after kill -9.
lab_sweep()
{
	local dir pid born
	for dir in "${TMPDIR:-/tmp}"/qarb-lab.??????; do
		[[ -f $dir/owner ]] || continue
		read -r pid born <"$dir/owner" || continue
		[[ $(lab_start_time "$pid") != "$born" ]] || continue
		"$LAB_HOME/remove" "$dir"
	done
}

# Take everything down; idempotent. The files below LAB_DIR stay, for the audits and for reading.
lab_destroy()
{
	local pid n
	[[ -n ${LAB_DIR:-} && -d $LAB_DIR ]] || return 0
	: >"$LAB_DIR/closing"
	for n in "$LAB_DIR"/node*/ "$LAB_DIR"/qnetd/; do
		[[ -d $n ]] || continue
		n=${n%/}
		lab_kill_node "${n##*/}"
	done
	lab_disk_release
	while read -r pid; do
		lab_kill_pid "$pid"
	done <"$LAB_DIR/pids"
	lab_disk_destroy
	lab_wait 5 lab_nothing_runs || :
	rm -rf "/dev/shm/${LAB_ID:?}" "${LAB_DIR:?}/ram"
	rm -f "$LAB_DIR/owner"
}

lab_nothing_runs()
{
	[[ -z $(lab_left_processes) ]]
}

lab_left_processes()
{
	local f
	for f in /proc/[0-9]*/environ; do
		if grep -qsz "^QARB_LAB=$LAB_ID\$" "$f"; then
			f=${f#/proc/}
			echo "${f%/environ}"
		fi
	done
}

# One line for each thing that this laboratory left behind.
lab_leftovers()
{
	local pid
	for pid in $(lab_left_processes); do
		echo "process $pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
	done
	grep -s "$LAB_DIR" /proc/self/mounts | sed 's/^/mount /' || :
	losetup -l -n -O NAME,BACK-FILE | grep "$LAB_ID" | sed 's/^/loop /' || :
	[[ ! -s $LAB_DIR/zrams ]] || sed 's/^/zram /' "$LAB_DIR/zrams"
	[[ ! -e /dev/shm/$LAB_ID ]] || echo "folder /dev/shm/$LAB_ID"
}
