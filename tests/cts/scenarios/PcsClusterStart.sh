# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="pcs cluster start with model qarb: both nodes get the vote, though pcs starts corosync-qdevice too"
LAB_DEVICE=qarb
LAB_FENCING=no

# The node has no systemd: what pcs asks of systemctl is done by hand, as the units would. qarbd's
# unit is wanted by corosync's; corosync-qdevice is the real one.
systemctl_by_hand()
{
	lab_in "$1" sh -e -c "
		mkdir -p /run/systemd/system
		cat >/run/systemctl <<-'END'
			#!/bin/sh
			echo \"\$*\" >>/run/systemctl.log
			case \$* in
			'start corosync.service')
				setsid corosync -f </dev/null >/dev/null 2>&1 &
				until corosync-cmapctl -g totem.version; do sleep 0.1; done >/dev/null 2>&1
				setsid $LAB_QARBD -f </dev/null >>/run/qarbd.out 2>&1 &
				;;
			'start corosync-qdevice.service')
				corosync-qdevice -f </dev/null >/run/qdevice.out 2>&1
				echo \"corosync-qdevice ended with \$?\" >>/run/systemctl.log
				;;
			'start pacemaker.service') setsid pacemakerd -f </dev/null >/dev/null 2>&1 & ;;
			esac
			exit 0
		END
		chmod +x /run/systemctl
		mount --bind /run/systemctl /bin/systemctl"
}

scenario()
{
	scene_both_vote
	lab_cluster_stop node2
	lab_expect steady node1
	systemctl_by_hand node2
	lab_in node2 timeout 60 pcs cluster start || lab_fail "pcs cluster start failed"
	lab_in node2 grep -q '^start corosync-qdevice' /run/systemctl.log ||
		lab_fail "pcs did not start corosync-qdevice: doc and README say it does"
	lab_in node2 grep -q '^corosync-qdevice ended with [1-9]' /run/systemctl.log ||
		lab_fail "corosync-qdevice does not end at model qarb"
	lab_require 30 "node2 has the vote" lab_votes node2
	lab_expect voting node1 node2
}
