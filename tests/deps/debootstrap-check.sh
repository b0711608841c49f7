#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The nearest thing to a fresh machine: a minimal Debian tree made with this machine's own apt
# sources, in which a clean copy of the committed source installs its packages, is built, and runs
# its unit tests. Shows that tests/deps/packages is complete. Needs root, debootstrap, some 3 GiB
# under TMPDIR (/var/tmp) and ten minutes; nothing of it stays.

set -eu
cd "$(dirname "$0")/../.."

die() {
	echo "debootstrap-check: $*" >&2
	exit 1
}

[ "$(id -u)" = 0 ] || die "needs root"
command -v debootstrap >/dev/null || die "needs the package debootstrap"
# shellcheck disable=SC1091 # of the machine
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
# shellcheck disable=SC2016 # apt's own variables
find_mirror() {
	apt-get indextargets --format '$(CREATED_BY) $(CODENAME) $(SITE)' |
		awk -v suite="$suite" '$1 == "Packages" && $2 == suite { print $3; exit }'
}
mirror=$(find_mirror)
if [ -z "$mirror" ]; then
	apt-get -q update >/dev/null
	mirror=$(find_mirror)
fi
[ -n "$mirror" ] || die "apt knows no source of $suite"

work=$(mktemp -d "${TMPDIR:-/var/tmp}/qarb-fresh.XXXXXX")
tree=$work/tree
# Everything is mounted in a mount namespace of its own, which ends with the script: nothing can be
# left mounted, and removing the tree cannot reach beyond it.
cleanup() {
	trap '' INT TERM HUP
	rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

debootstrap --variant=minbase "$suite" "$tree" "$mirror" >"$work/log" 2>&1 ||
	{ tail -n 20 "$work/log" >&2; die "debootstrap failed"; }

rm -f "$tree/etc/apt/sources.list"
for part in sources.list sources.list.d apt.conf.d preferences.d auth.conf.d trusted.gpg.d keyrings; do
	[ ! -e "/etc/apt/$part" ] || cp -aT "/etc/apt/$part" "$tree/etc/apt/$part"
done
# Sources name their keys by path; hooks name programs that a minimal tree lacks.
[ ! -d /usr/share/keyrings ] || cp -a /usr/share/keyrings/. "$tree/usr/share/keyrings/"
[ ! -d /usr/local/share/ca-certificates ] ||
	cp -a /usr/local/share/ca-certificates/. "$tree/usr/local/share/ca-certificates/"
grep -lE 'Invoke|Post-' "$tree"/etc/apt/apt.conf.d/* 2>/dev/null | xargs -r rm -f
cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"

mkdir "$tree/srv/qarb"
git archive HEAD | tar -x -C "$tree/srv/qarb"

cat >"$tree/srv/check" <<'END'
#!/bin/sh
set -eu
cd /srv/qarb
export LC_ALL=C.UTF-8 HOME=/root
seconds() { read -r up _ </proc/uptime; echo "${up%.*}"; }
from=$(seconds)
stage() { echo "debootstrap-check: $* ($(($(seconds) - from)) s so far)"; }
stage "apt-get install make git"
apt-get -q update >/dev/null
apt-get -q install -y --no-install-recommends make git >/dev/null
stage "make deps"
make deps >deps.log 2>&1 || { tail -n 30 deps.log; exit 1; }
grep '^make deps:' deps.log
[ ! -e /usr/sbin/policy-rc.d ]
for unit in corosync pacemaker corosync-qnetd corosync-qdevice pcsd; do
	if [ -n "$(find /etc/systemd/system /etc/rc[2345].d -name "$unit.service" -o -name "S??$unit")" ]; then
		echo "debootstrap-check: $unit is enabled after make deps"
		exit 1
	fi
done
again=$(make deps 2>&1)
[ -z "$again" ] || { echo "debootstrap-check: a second make deps said: $again"; exit 1; }
stage "make"
make -j"$(nproc)" WERROR=1 >make.log 2>&1 || { tail -n 30 make.log; exit 1; }
stage "make check-unit"
make -j"$(nproc)" check-unit >unit.log 2>&1 || { tail -n 60 unit.log; exit 1; }
tail -n 1 unit.log
stage "make install"
make install DESTDIR=/tmp/installed prefix=/usr >install.log 2>&1 || { tail -n 30 install.log; exit 1; }
find /tmp/installed -type f | sort | sed 's,^/tmp/installed,  ,'
stage "done"
END
chmod +x "$tree/srv/check"

# The exit code is that of the check.
# shellcheck disable=SC2016 # for the inner shell
unshare --mount --pid --fork --kill-child --propagation private bash -euc '
	mount -t proc proc "$1/proc"
	mount --rbind /sys "$1/sys"
	mount --rbind /dev "$1/dev"
	exec chroot "$1" /srv/check' bash "$tree" </dev/null
