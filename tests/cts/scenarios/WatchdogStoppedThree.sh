# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="One of three disks is not there, and qarbd is stopped in order on a node with an armed watchdog: it is disarmed and does not fire"
LAB_DEVICE=qarb
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"
LAB_ARBITER="device: /dev/disk/by-id/lab-disk0
 }
 san2 {
  type: disk
  device: /dev/disk/by-id/lab-disk1
 }
 san3 {
  type: disk
  device: /dev/disk/by-id/lab-not-there
"
LAB_END_BY=TERM

second_disk()
{
	local node
	truncate -s 4M "$LAB_RAM/lab-disk1.img"
	lab_disk_add lab-disk1.img node1 node2
	for node in node1 node2; do
		lab_in "$node" ln -s "../../${LAB_LOOP##*/}" /dev/disk/by-id/lab-disk1
	done
	lab_in node1 "$LAB_QARBCTL" disk init --label lab-disk1 --cluster lab --nodes 1,2 \
		"/dev/${LAB_LOOP##*/}" >>"$LAB_DIR/log/disk-init.log" 2>&1 ||
		lab_fail "disk init: $(tail -n 1 "$LAB_DIR/log/disk-init.log")"
}

scenario()
{
	second_disk
	lab_start_together node1 node2
	lab_require 30 "node1 votes" lab_votes node1
	lab_require 30 "node2 votes" lab_votes node2
	lab_require 20 "the watchdog of node1 is armed" lab_watchdog_armed node2 node1
	sleep 3
	scene_stop_watched true
	lab_expect voting node2
}
