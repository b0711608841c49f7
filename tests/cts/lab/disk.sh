# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The shared disk and the nodes' paths to it.
#	plain    one loop device, the same for all nodes
#	faulty   a path of its own for each node, which can fail, stall and slow down: an NBD server
#	         with fault filters, mounted as a file by nbdfuse, made a block device by losetup
#	private  each node has a file of its own: nothing is shared, and nobody told them
# Inside a node the disk is always LAB_DISK_NODE.

LAB_DISK_NODE=/dev/disk/by-id/lab-disk0

lab_loop()
{
	local loop
	loop=$(losetup --find --show --direct-io=on "$1") || lab_fail "no loop device for $1"
	echo "$loop $1" >>"$LAB_DIR/loops"
	# The flag of an earlier user outlives the file.
	blockdev --setrw "$loop"
	LAB_LOOP=$loop
}

lab_disk_create()
{
	local n
	case $LAB_DISK in
	plain)
		truncate -s "${LAB_DISK_MB}M" "$LAB_RAM/shared.img"
		lab_loop "$LAB_RAM/shared.img"
		for n in $(lab_node_names); do
			echo "$LAB_LOOP" >"$LAB_DIR/disk/$n.dev"
		done
		;;
	private)
		for n in $(lab_node_names); do
			truncate -s "${LAB_DISK_MB}M" "$LAB_RAM/$n.img"
			lab_loop "$LAB_RAM/$n.img"
			echo "$LAB_LOOP" >"$LAB_DIR/disk/$n.dev"
		done
		;;
	faulty)
		[[ -z $(lab_missing_programs nbdkit nbdfuse) && -c /dev/fuse ]] ||
			lab_skip "faulty disk paths need nbdkit, nbdfuse and /dev/fuse"
		truncate -s "${LAB_DISK_MB}M" "$LAB_RAM/shared.img"
		lab_loop "$LAB_RAM/shared.img"
		echo "$LAB_LOOP" >"$LAB_DIR/disk/common.dev"
		for n in $(lab_node_names); do
			lab_path_open "$n"
		done
		;;
	*)
		lab_fail "LAB_DISK=$LAB_DISK: allowed are plain, faulty and private"
		;;
	esac
}

# Open a node's own path: server, mounted file, loop device.
lab_path_open()
{
	local node=$1 dir=$LAB_DIR/disk
	rm -f "$dir/$node".{sock,slow,pause,error,error-read,error-write,delay}
	: >"$dir/$node.file"
	lab_spawn "nbdkit-$node.log" nbdkit -f -t 4 -U "$dir/$node.sock" --filter=error \
		--filter=pause file "$(<"$dir/common.dev")" cache=none error-file="$dir/$node.error" \
		error-rate=100% error-pread-file="$dir/$node.error-read" \
		error-pwrite-file="$dir/$node.error-write" pause-control="$dir/$node.pause"
	echo "$LAB_SPAWNED" >"$dir/$node.nbdkit"
	lab_wait 5 test -S "$dir/$node.sock" -a -S "$dir/$node.pause" ||
		lab_fail "no NBD server for $node: $(tail -n 1 "$LAB_DIR/log/nbdkit-$node.log")"
	lab_spawn "labdelay-$node.log" "$LAB_BIN/labdelay" "$dir/$node.slow" "$dir/$node.sock" \
		"$dir/$node.delay"
	lab_wait 5 test -S "$dir/$node.slow" || lab_fail "no delaying proxy for $node"
	lab_spawn "nbdfuse-$node.log" nbdfuse "$dir/$node.file" --unix "$dir/$node.slow"
	echo "$LAB_SPAWNED" >"$dir/$node.nbdfuse"
	lab_wait 5 test -s "$dir/$node.file" ||
		lab_fail "no file over the NBD server of $node: $(tail -n 1 "$LAB_DIR/log/nbdfuse-$node.log")"
	awk -v m="$dir/$node.file" '$5 == m { split($3, d, ":"); print d[2] }' /proc/self/mountinfo \
		>"$dir/$node.fuse"
	lab_loop "$dir/$node.file"
	echo "$LAB_LOOP" >"$dir/$node.dev"
}

# Give a node its device node; a node sees no other block device.
lab_disk_attach()
{
	local dev name numbers
	dev=$(<"$LAB_DIR/disk/$1.dev")
	name=${dev##*/}
	numbers=$(stat -c '%Hr %Lr' "$dev")
	lab_in "$1" sh -e -c "
		rm -f /dev/$name $LAB_DISK_NODE
		mknod -m 600 /dev/$name b $numbers
		ln -s ../../$name $LAB_DISK_NODE"
}

# Take its device node away: the disk is not there, for whoever opens it from now on.
lab_disk_detach()
{
	local dev
	dev=$(<"$LAB_DIR/disk/$1.dev")
	lab_in "$1" rm -f "/dev/${dev##*/}" "$LAB_DISK_NODE"
	lab_stamp "$1" fault disk-detached
}

# The disk comes back as another device, as after a rescan of the bus.
lab_disk_replug()
{
	lab_loop "$(<"$LAB_DIR/disk/common.dev")"
	echo "$LAB_LOOP" >"$LAB_DIR/disk/$1.dev"
	lab_disk_attach "$1"
	lab_stamp "$1" fault disk-replugged
}

# The bytes of the shared disk as they are now, and put back later under whoever uses it.
lab_disk_keep() { cp "$LAB_RAM/shared.img" "$LAB_RAM/$1"; }

lab_disk_put_back()
{
	dd if="$LAB_RAM/$1" of="$(<"$LAB_DIR/disk/node1.dev")" bs=64k conv=notrunc,fsync oflag=direct \
		status=none
	lab_stamp lab fault disk-rolled-back
}

# One more disk, over an image of the laboratory, in these nodes: lab_disk_add IMAGE NODE...
lab_disk_add()
{
	local n numbers
	lab_loop "$LAB_RAM/$1"
	numbers=$(stat -c '%Hr %Lr' "$LAB_LOOP")
	for n in "${@:2}"; do
		# shellcheck disable=SC2086
		lab_in "$n" mknod -m 600 "/dev/${LAB_LOOP##*/}" b $numbers
	done
}

# The bytes of the disk in memory of this machine, in the disk's place on every node.
lab_disk_zram()
{
	local number n
	number=$(cat /sys/class/zram-control/hot_add 2>/dev/null) ||
		lab_skip "a zram device needs /sys/class/zram-control"
	echo "$number" >>"$LAB_DIR/zrams"
	echo "${LAB_DISK_MB}M" >"/sys/block/zram$number/disksize"
	[[ -b /dev/zram$number ]] || mknod -m 600 "/dev/zram$number" b \
		"$(cut -d: -f1 "/sys/block/zram$number/dev")" "$(cut -d: -f2 "/sys/block/zram$number/dev")"
	dd if="$LAB_RAM/shared.img" of="/dev/zram$number" bs=64k oflag=direct status=none
	for n in $(lab_node_names); do
		lab_disk_detach "$n"
		echo "/dev/zram$number" >"$LAB_DIR/disk/$n.dev"
		lab_disk_attach "$n"
	done
}

# Ask a node's NBD server to pause (p) or resume (r).
lab_pause_order()
{
	"$LAB_BIN/labsend" "$LAB_DIR/disk/$1.pause" "$2"
}

# Requests of this node's path fail with EIO, until repaired: lab_disk_fail NODE [read|write], without
# a word all.
lab_disk_fail()
{
	local f=$LAB_DIR/disk/$1.error
	[[ -n ${2:-} ]] || : >"$f"
	[[ ${2:-} == write ]] || : >"$f-read"
	[[ ${2:-} == read ]] || : >"$f-write"
	# shellcheck disable=SC2086 # a word, or none
	lab_stamp "$1" fault disk-error ${2:-}
}

# Requests of this node's path hang (D state), until repaired: nothing is lost, they complete then.
lab_disk_stall()
{
	lab_pause_order "$1" p
	lab_stamp "$1" fault disk-stall
}

# Every answer of this node's path comes so many ms late.
lab_disk_slow()
{
	echo "$2" >"$LAB_DIR/disk/$1.delay.new"
	mv "$LAB_DIR/disk/$1.delay.new" "$LAB_DIR/disk/$1.delay"
	lab_stamp "$1" fault disk-slow "$2"
}

lab_disk_repair()
{
	rm -f "$LAB_DIR/disk/$1".{error,error-read,error-write,delay}
	lab_pause_order "$1" r
	lab_stamp "$1" fault disk-repair
}

# Let a hung path go for ever: what hangs in it gets an error. For a node that has lost power.
lab_disk_abort()
{
	local dir=$LAB_DIR/disk conn
	[[ ${LAB_DISK:-} == faulty && -s $dir/$1.fuse ]] || return 0
	lab_pause_order "$1" r 2>/dev/null || :
	lab_wait 1 lab_pid_gone "$(cat "$LAB_DIR/$1/pid" 2>/dev/null || echo 0)" && return 0
	conn=/sys/fs/fuse/connections/$(<"$dir/$1.fuse")
	lab_fusectl
	[[ ! -e $conn/abort ]] || echo 1 >"$conn/abort"
}

lab_fusectl()
{
	[[ -e /sys/fs/fuse/connections/. ]] || return 0
	mountpoint -q /sys/fs/fuse/connections ||
		mount -t fusectl fusectl /sys/fs/fuse/connections 2>/dev/null || :
}

# Before processes are killed: nothing may hang in a path any more.
lab_disk_release()
{
	local f back node
	for f in "$LAB_DIR"/disk/*.fuse; do
		[[ -s $f ]] || continue
		node=${f##*/} node=${node%.fuse}
		rm -f "$LAB_DIR/disk/$node".{error,error-read,error-write}
		lab_pause_order "$node" r 2>/dev/null || :
	done
	while read -r f back; do
		# A scenario that ended between two of its steps may have left it read-only.
		[[ $(losetup -n -O BACK-FILE "$f" 2>/dev/null) != "$back"* ]] || blockdev --setrw "$f" || :
		losetup -d "$f" 2>/dev/null || :
	done <"$LAB_DIR/loops"
	for f in "$LAB_DIR"/disk/*.file; do
		if [[ -e $f ]] && mountpoint -q "$f"; then
			fusermount3 -u "$f" 2>/dev/null || umount -l "$f" || :
		fi
	done
}

lab_disk_destroy()
{
	local f back
	while read -r f back; do
		[[ $(losetup -n -O BACK-FILE "$f" 2>/dev/null) != "$back"* ]] ||
			losetup -d "$f" 2>/dev/null || :
	done <"$LAB_DIR/loops"
	[[ -s $LAB_DIR/zrams ]] || return 0
	while read -r f; do
		lab_wait 5 lab_zram_remove "$f" || echo "$f"
	done <"$LAB_DIR/zrams" >"$LAB_DIR/zrams.left"
	mv "$LAB_DIR/zrams.left" "$LAB_DIR/zrams"
}

lab_zram_remove() { echo "$1" 2>/dev/null >/sys/class/zram-control/hot_remove; }
