# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is stopped on the sole survivor, whose watchdog is armed: quorum and service go, the node is not reset"
LAB_DEVICE=qarb
LAB_REBOOTS=yes
LAB_PRELOAD=$LAB_BIN/shim_watchdog.so
LAB_QARB="watchdog: /dev/watchdog-lab"
LAB_END_BY=TERM

shows_unwatched()
{
	lab_in node1 "$LAB_QARBCTL" disk dump --output-as=json "$LAB_DISK_NODE" >"$LAB_DIR/dump.json"
	jq -e '[.slots[] | select(.node == 1).watchdog_armed] == [false]' "$LAB_DIR/dump.json" >/dev/null
}

scenario()
{
	scene_sole
	lab_expect unsteady node1
	lab_expect service stop:node1 start:node1
	scene_stop_watched shows_unwatched
	lab_require 10 "node1 has lost quorum" lab_not_quorate node1
	lab_require 20 "the service has stopped" scene_service_stopped node1
	lab_device_start node1
	lab_require 30 "node1 is quorate again" lab_is_quorate node1
	lab_require 20 "the service runs again" lab_service_runs node1
	lab_expect voting node1
}
