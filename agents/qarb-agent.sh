#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the agents of ocf:qarb have in common; sourced by each. They need nothing of other packages but
# Pacemaker's own tools, so that they also answer meta-data where nothing else is installed.
# Pacemaker logs what an agent writes to standard error.
# shellcheck disable=SC2034

OCF_SUCCESS=0
OCF_ERR_GENERIC=1
OCF_ERR_ARGS=2
OCF_ERR_UNIMPLEMENTED=3
OCF_ERR_PERM=4
OCF_ERR_INSTALLED=5
OCF_ERR_CONFIGURED=6
OCF_NOT_RUNNING=7

# Of qarbctl.
QARBCTL_FAILED=1
QARBCTL_NOT_RUNNING=3
QARBCTL_NOT_PERMITTED=5

: "${QARB_SBINDIR:=@sbindir@}"
: "${QARB_COROSYNC_CONF:=/etc/corosync/corosync.conf}"
: "${HA_RSCTMP:=/run/resource-agents}"
: "${OCF_RESOURCE_INSTANCE:=default}"
: "${OCF_RESKEY_qarbctl:=$QARB_SBINDIR/qarbctl}"
: "${OCF_RESKEY_CRM_meta_interval:=0}"

agent_name=${0##*/}
agent_state=$HA_RSCTMP/qarb-$agent_name-$OCF_RESOURCE_INSTANCE

agent_say() { printf '%s\n' "$*" >&2; }

# The reason that crm_mon shows, and the end: agent_fail CODE TEXT...
agent_fail()
{
	agent_code=$1
	shift
	printf 'ocf-exit-reason:%s\n' "$*" >&2
	exit "$agent_code"
}

# Is $1 a whole number from $2 to $3? To arithmetic one that begins with 0 would be octal.
agent_is_number()
{
	case $1 in
	'' | *[!0-9]* | 0?* | ????????????*) return 1 ;;
	esac
	[ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# The daemon is asked, but never for longer than this: a hung one must not make an action time out.
agent_ask() { timeout -k 1 "${agent_patience:-8}" "$OCF_RESKEY_qarbctl" "$@"; }

# Can there be a qarbd here? Not on a remote node, nor in a bundle.
agent_has_qarb() { [ -x "$OCF_RESKEY_qarbctl" ] && [ -r "$QARB_COROSYNC_CONF" ]; }

# Hundredths of a second since the machine started; goes on when the clock is set.
agent_uptime()
{
	read -r agent_up _ </proc/uptime
	echo "${agent_up%.*}${agent_up#*.}"
}

# Written beside its name and moved there: a reader finds the old or the new text, never half of one.
agent_put_state()
{
	[ -d "$HA_RSCTMP" ] || mkdir -p "$HA_RSCTMP" || return 1
	printf '%s\n' "$*" >"$agent_state.new.$$" && mv -f "$agent_state.new.$$" "$agent_state" &&
		return
	rm -f "$agent_state.new.$$"
	return 1
}

# Was it started and not stopped? A read-only directory keeps the file, whatever a stop does: there it
# proves nothing to a probe.
agent_runs()
{
	[ -e "$agent_state" ] && { [ "$OCF_RESKEY_CRM_meta_interval" -gt 0 ] || [ -w "$agent_state" ]; }
}

# What every agent of this package does in the same way: agent_main ACTION, given functions
# agent_meta_data, agent_validate, agent_start, agent_stop, agent_monitor, and perhaps agent_reload.
agent_main()
{
	case ${1-} in
	meta-data)
		agent_meta_data
		exit "$OCF_SUCCESS"
		;;
	usage | help | --help | -h)
		agent_usage
		exit "$OCF_SUCCESS"
		;;
	validate-all)
		agent_validate
		# The surroundings are looked at when they are asked for.
		if [ "${OCF_CHECK_LEVEL:-0}" -ge 10 ]; then
			agent_check
		fi
		;;
	start | stop | monitor)
		# One that was configured wrongly can still be stopped.
		[ "$1" = stop ] || agent_validate
		"agent_$1"
		exit $?
		;;
	reload-agent)
		command -v agent_reload >/dev/null || exit "$OCF_ERR_UNIMPLEMENTED"
		agent_validate
		agent_reload
		exit $?
		;;
	'')
		agent_usage >&2
		exit "$OCF_ERR_ARGS"
		;;
	*) exit "$OCF_ERR_UNIMPLEMENTED" ;;
	esac
}

agent_usage() { echo "usage: $0 start|stop|monitor|validate-all|meta-data"; }
