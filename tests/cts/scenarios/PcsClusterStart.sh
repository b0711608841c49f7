# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="pcs cluster start and stop with model qarb: without the stand-in for corosync-qdevice Pacemaker is not started; with it both nodes get the vote, and corosync is stopped, too"
LAB_DEVICE=qarb
LAB_FENCING=no

# The node has no systemd: what pcs asks of systemctl is done by hand, as the units would, and ends with
# their exit codes. A unit of the node itself goes before one of a package. qarbd's unit is wanted by
# corosync's. What a unit of corosync-qdevice runs is run; it is started when that ends well, or, as the
# package's, says so.
systemctl_by_hand()
{
	lab_in "$1" sh -e -c "
		mkdir -p /run/systemd/system
		cat >/run/systemctl <<-'END'
			#!/bin/sh
			echo \"\$*\" >>/run/systemctl.log
			unit=
			for folder in /lib/systemd/system /etc/systemd/system; do
				[ ! -e \$folder/\$2 ] || unit=\$folder/\$2
			done
			ended()
			{
				n=0
				while pidof \$1 >/dev/null && [ \$n -lt 300 ]; do
					n=\$((n + 1))
					sleep 0.1
				done
				! pidof \$1 >/dev/null
			}
			case \$1:\${unit:-none} in
			*:none)
				echo \"Unit \$2 not found.\" >&2
				exit 5
				;;
			start:*/corosync.service)
				! pidof corosync >/dev/null || exit 0
				setsid corosync -f </dev/null >/dev/null 2>&1 &
				until corosync-cmapctl -g totem.version; do sleep 0.1; done >/dev/null 2>&1
				pidof qarbd >/dev/null || setsid $LAB_QARBD -f </dev/null >>/run/qarbd.out 2>&1 &
				;;
			start:*/corosync-qdevice.service)
				command=\$(sed -n 's/^ExecStart=//p' \$unit)
				eval \"\$command\" </dev/null >/run/qdevice.out 2>&1
				code=\$?
				echo \"\$unit ended with \$code\" >>/run/systemctl.log
				exit \$code
				;;
			start:*/pacemaker.service) setsid pacemakerd -f </dev/null >/dev/null 2>&1 & ;;
			stop:*/pacemaker.service)
				kill \$(pidof pacemakerd)
				ended pacemakerd
				;;
			stop:*/corosync.service)
				kill \$(pidof corosync)
				ended corosync
				;;
			stop:*/corosync-qdevice.service) ;;
			*) exit 1 ;;
			esac
		END
		chmod +x /run/systemctl
		mount --bind /run/systemctl /bin/systemctl"
}

log_has() { lab_in node2 grep -q "$1" /run/systemctl.log; }

scenario()
{
	scene_both_vote
	lab_cluster_stop node2
	lab_expect steady node1
	systemctl_by_hand node2
	! lab_in node2 timeout 60 pcs cluster start || lab_fail "pcs needs no stand-in: the documents say it does"
	log_has '^start corosync-qdevice' || lab_fail "pcs did not start corosync-qdevice: the documents say it does"
	log_has '^/lib/.*corosync-qdevice.service ended with [1-9]' || lab_fail "corosync-qdevice does not end at model qarb"
	! log_has '^start pacemaker' || lab_fail "pcs goes on after corosync-qdevice: the documents say it does not"
	lab_in node2 cp "$LAB_TOP/systemd/standin/corosync-qdevice.service" /etc/systemd/system/
	lab_in node2 timeout 60 pcs cluster start || lab_fail "pcs cluster start failed"
	lab_require 30 "node2 has the vote" lab_votes node2
	lab_require 30 "Pacemaker runs on both nodes" lab_peers_online node1
	lab_in node2 timeout 60 pcs cluster stop --force || lab_fail "pcs cluster stop failed"
	log_has '^stop corosync-qdevice' || lab_fail "pcs did not stop corosync-qdevice: the documents say it does"
	lab_not_running node2 corosync || lab_fail "pcs cluster stop leaves corosync running"
	lab_in node2 timeout 60 pcs cluster start || lab_fail "the second pcs cluster start failed"
	lab_require 30 "node2 has the vote again" lab_votes node2
	lab_expect voting node1 node2
}
