# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
SCENARIO_TEXT="Nobody reads the log's socket for 30 s and the flight recorder's disk is full: no beat is late"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_PRELOAD=$LAB_BIN/shim_loop.so
LAB_QARBD_ENV=QARB_LOOP_FILE=/var/log/loop

# A log socket that is full; it is read once /run/blocked.go is there.
log_sink()
{
	lab_bg node1 logsink.out python3 -c '
import os
import socket
import time

sink = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sink.bind("/run/blocked.log")
source = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
source.connect("/run/blocked.log")
source.setblocking(False)
try:
    while True:
        source.send(b"full")
except BlockingIOError:
    open("/run/blocked.ready", "w").close()
while not os.path.exists("/run/blocked.go"):
    time.sleep(0.1)
while True:
    sink.recv(65536)
'
	lab_require 10 "node1 has a full log socket" lab_in node1 test -e /run/blocked.ready
}

# qarbd with that socket as its /dev/log, and a full file system below its flight recorder.
log_start_blocked()
{
	# shellcheck disable=SC2016,SC2086
	lab_bg node1 qarbd.blocked unshare --mount --propagation private sh -c '
		mount --bind /run/blocked.log /dev/log && mount -t tmpfs -o size=64k qarb /var/lib/qarb || exit 1
		dd if=/dev/zero of=/var/lib/qarb/fill bs=4k 2>/dev/null
		exec "$@"' sh env LAB_NODE=node1 "LD_PRELOAD=$LAB_PRELOAD" $LAB_QARBD_ENV \
		"$LAB_QARBD" -f $LAB_QARBD_OPTIONS
}

log_status_answers() { lab_in node1 timeout 20 "$LAB_QARBCTL" status >/dev/null 2>&1; }

log_recorder_says() { grep -q "flight recorder: $1" "$LAB_DIR/node1/qarbd.blocked"; }

scenario()
{
	local i pid from
	scene_both_vote
	lab_device_stop node1
	log_sink
	log_start_blocked
	lab_demand 20 casting "node1 has the vote, though nobody reads its log" lab_votes node1
	from=$(lab_now_ns)
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	# Each of these is a line in the log.
	for i in 1 2 3; do
		scene_kill node1 qarbd-voter
		sleep 5
	done
	! log_status_answers || lab_fail "the log was not blocked: the service process still answers"
	scene_loop_kept "the log is blocked" "$from"
	lab_in node1 touch /run/blocked.go
	lab_require 20 "the service process of node1 answers again" log_status_answers
	lab_require 20 "the flight recorder says that its disk is full" log_recorder_says "write: No space"
	sleep 10
	[[ $(grep -c "flight recorder:" "$LAB_DIR/node1/qarbd.blocked") == 1 ]] ||
		lab_fail "the flight recorder said it more than once"
	scene_loop_kept "the recorder's disk is full" "$from"
	pid=$(lab_pids_of node1 qarbd-service)
	lab_in node1 nsenter -t "$pid" -m rm /var/lib/qarb/fill
	lab_require 70 "the flight recorder goes on once there is room" log_recorder_says "recording again"
	lab_expect voting node1 node2
}
