# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A hundred status clients connect and corosync is stopped for 30 s; the deciding process allocates nothing"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_PRELOAD=$LAB_BIN/shim_heap.so
LAB_QARBD_ENV="QARB_HEAP_FILE=/var/log/heap"

heap_clients()
{
	# shellcheck disable=SC2016
	lab_in node1 sh -c '
		i=0
		while [ $i -lt 100 ]; do
			"$1" status --output-as=json >/dev/null &
			i=$((i + 1))
		done
		wait' sh "$LAB_QARBCTL"
}

# What the deciding processes of node1 did with memory since each was ready.
heap_lines() { lab_in node1 cat /var/log/heap; }

scenario()
{
	scene_both_vote
	lab_expect unsteady node1
	lab_expect maycease node1
	heap_clients
	lab_fault_signal node1 STOP corosync
	sleep 5
	heap_clients
	sleep 25
	lab_fault_signal node1 CONT corosync
	lab_require 20 "node1 has the vote again" lab_votes node1
	heap_clients
	[[ $(heap_lines | grep -c '^armed ') -ge 1 ]] || lab_fail "the trap was never armed"
	! heap_lines | grep -qv '^armed ' ||
		lab_blame memory "the deciding process used memory: $(heap_lines | grep -v '^armed ' | head -n 1)"
}
