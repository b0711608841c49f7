# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the benchmarks of cost and scale share: a laboratory (tests/cts/lab), and what its processes
# use of the machine.

bench_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cts/lab/lab.sh
. "$bench_here/../cts/lab/lab.sh"

bench_die()
{
	echo "$(basename "$0"): $*" >&2
	exit 2
}

bench_finish()
{
	local rc=$?
	trap - EXIT ERR
	trap '' INT TERM HUP
	set +e
	if [[ -n ${LAB_DIR:-} && -d $LAB_DIR ]]; then
		lab_destroy
		if ((rc == 0)); then
			rm -rf "$LAB_DIR"
		else
			lab_say "the records are in $LAB_DIR"
		fi
	fi
	exit "$rc"
}

# Run a function in a shell of its own, with a laboratory that ends with it.
bench_in_lab()
{
	(
		set -eE -u -o pipefail
		trap bench_finish EXIT
		trap 'exit 130' INT TERM HUP
		trap 'echo "line $LINENO of ${BASH_SOURCE[0]##*/}: $BASH_COMMAND" >&2' ERR
		"$@"
	)
}

# Lines "PID NAME" of the processes in these nodes, with the machine's pids.
bench_processes()
{
	local n spaces='' pid
	for n in "$@"; do
		spaces+=" $(readlink "/proc/$(lab_node_pid "$n")/ns/pid")"
	done
	# shellcheck disable=SC2012
	{ ls -l /proc/[0-9]*/ns/pid 2>/dev/null || :; } | awk -v spaces="$spaces" '
		BEGIN { n = split(spaces, s, " "); for (i = 1; i <= n; i++) want[s[i]] }
		$NF in want { split($(NF - 2), p, "/"); print p[3] }' |
		while read -r pid; do
			echo "$pid $(cat "/proc/$pid/comm" 2>/dev/null)"
		done
}

# Nanoseconds of CPU of the processes whose name matches, from a list of bench_processes.
bench_cpu_ns()
{
	awk -v name="$2" '$2 ~ name { print $1 }' "$1" | while read -r pid; do
		cat "/proc/$pid"/task/*/schedstat 2>/dev/null
	done | awk '{ s += $1 } END { printf "%.0f\n", s }'
}

bench_pss_kib()
{
	awk -v name="$2" '$2 ~ name { print $1 }' "$1" | while read -r pid; do
		cat "/proc/$pid/smaps_rollup" 2>/dev/null
	done | awk '$1 == "Pss:" { s += $2 } END { print s + 0 }'
}

# Reads, and blocks of 4096 written, that a block device has completed. A beat writes one block; the
# kernel counts the flush after it as one more write, of nothing.
bench_disk_ios() { awk '{ printf "%d %d\n", $1, $7 / 8 }' "/sys/class/block/${1##*/}/stat"; }
