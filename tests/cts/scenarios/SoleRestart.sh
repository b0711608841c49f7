# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is stopped and started, as by systemctl restart, five times on the sole survivor, which keeps quorum"
LAB_DEVICE=qarb

scenario()
{
	local i
	scene_sole
	for ((i = 0; i < 5; i++)); do
		lab_stamp node1 fault signal TERM qarbd
		lab_in node1 sh -c "kill -TERM \$1; while [ -d /proc/\$1 ]; do :; done
			exec setsid $LAB_QARBD -f $LAB_QARBD_OPTIONS >>/run/lab/node1/qarbd.out 2>&1 </dev/null &" \
			sh "$(lab_pids_of node1 qarbd)"
		sleep 3
	done
	lab_expect voting node1
}
