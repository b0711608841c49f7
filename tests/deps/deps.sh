#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Install what qarb is built and tested with (tests/deps/packages) and change nothing else about
# the machine: no service is started, none is enabled for the next boot that was not before, and
# files in an existing /etc/corosync stay as they are. Does nothing when everything is there.
#
# A run that was killed leaves its notes in /var/lib/qarb-deps; the next one tidies up after it.
# DEPS_ROOT is for the tests: the folder whose usr/, etc/ and var/ stand for the machine's.

set -u
here=$(cd "$(dirname "$0")" && pwd)
root=${DEPS_ROOT:-}
policy=$root/usr/sbin/policy-rc.d
saved=$policy.qarb-saved
notes=$root/var/lib/qarb-deps
mark='Written by make deps of qarb, removed when it is done.'
list=${DEPS_LIST:-$here/packages}

say() {
	echo "make deps: $*"
}

die() {
	echo "make deps: $*" >&2
	exit 1
}

missing_packages() {
	wanted=$(sed 's/#.*//' "$list") || exit 1
	# shellcheck disable=SC2086 # a list of words
	present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
		sed -n 's/^installed //p')
	for p in $wanted; do
		printf '%s\n' "$present" | grep -qxF -- "$p" || printf '%s ' "$p"
	done
}

# Every link that makes a service start at boot, one a line.
enabled_links() {
	find "$root/etc/systemd/system" -type l 2>/dev/null
	find "$root"/etc/rc[S2345].d -name 'S*' 2>/dev/null
}

disable_new() {
	enabled_links | sort | comm -13 "$notes/enabled" - >"$notes/new"
	names=
	while read -r link; do
		case $link in
		# What any Debian may come to need at its boot is not ours to judge.
		*/S??dbus | */S??procps | */S??udev | */S??kmod | */dbus.service | */dbus.socket) continue ;;
		"$root"/etc/rc*)
			# A K link tells upgrades that the administrator does not want it started.
			name=${link##*/S??}
			mv -f "$link" "${link%/*}/K01$name"
			;;
		*)
			name=${link##*/}
			rm -f "$link"
			;;
		esac
		case " $names " in *" $name "*) ;; *) names="$names $name" ;; esac
	done <"$notes/new"
	if [ -n "$names" ]; then
		say "not enabled for the next boot:$names"
		[ ! -d "$root/run/systemd/system" ] || systemctl daemon-reload || :
	fi
}

restore_corosync() {
	[ -d "$notes/corosync" ] || return 0
	find "$notes/corosync" -type f | while read -r copy; do
		file=$root/etc/corosync${copy#"$notes/corosync"}
		cmp -s "$copy" "$file" && continue
		cp -a "$copy" "$file"
		say "put back $file"
	done
}

restore_policy() {
	if [ -e "$saved" ] || [ -L "$saved" ]; then
		mv -fT "$saved" "$policy"
	elif grep -qsF "$mark" "$policy"; then
		rm -f "$policy"
	fi
}

# Leave the machine as it was found. Safe to run twice, and after a run that was killed.
tidy() {
	trap '' INT TERM HUP
	if [ -e "$notes/enabled" ]; then
		disable_new
		restore_corosync
	fi
	restore_policy
	rm -rf "$notes"
}

prepare() {
	mkdir -p "$notes" "$root/usr/sbin" || exit 1
	if [ -d "$root/etc/corosync" ]; then
		cp -a "$root/etc/corosync" "$notes/corosync" || exit 1
	fi
	# Under its name only when complete: tidy believes what it finds.
	enabled_links | sort >"$notes/enabled.part" || exit 1
	mv "$notes/enabled.part" "$notes/enabled"
	printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" >"$notes/policy" || exit 1
	chmod 755 "$notes/policy"
	if [ -e "$policy" ] || [ -L "$policy" ]; then
		mv -fT "$policy" "$saved" || exit 1
	fi
	cp "$notes/policy" "$policy" || exit 1
}

install_packages() {
	export DEBIAN_FRONTEND=noninteractive
	apt-get -q update </dev/null || die "apt-get update failed"
	# shellcheck disable=SC2086 # a list of words
	apt-get -q install -y --no-install-recommends -o Dpkg::Options::=--force-confdef \
		-o Dpkg::Options::=--force-confold $missing </dev/null ||
		die "apt-get could not install all of: $missing"
}

[ -r "$list" ] || die "$list cannot be read"
missing=$(missing_packages)
if [ -z "$missing" ] && [ ! -e "$notes" ] && [ ! -e "$saved" ]; then
	exit 0
fi
[ "$(id -u)" = 0 ] || die "needs root to install: $missing"

mkdir -p "$root/run/lock"
exec 9>"$root/run/lock/qarb-deps"
flock 9 || die "no lock on $root/run/lock/qarb-deps"
tidy
# Another run may have done the work while this one waited.
missing=$(missing_packages)
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || die "no apt-get here; install by hand: $missing"

# The shell runs a signal's trap only after its child has ended: apt-get, which gets the
# interrupt of a terminal too, never works on without the policy.
trap tidy EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
prepare
# apt-get's children must not keep the lock should they stay.
install_packages 9>&-
missing=$(missing_packages)
[ -z "$missing" ] || die "still not installed: $missing"
say "done"
