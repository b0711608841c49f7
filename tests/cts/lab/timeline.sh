# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What happened, as a table for people, from a laboratory's own records.

# What a node's qarbd says of its decisions, by its log: lab_decisions NODE SINCE
lab_decisions()
{
	awk -v node="$1" -v since="$2" '
		BEGIN {
			text["granted"] = "the disk'"'"'s grant goes to"
			text["vote-yes"] = "votes yes in"
			text["vote-no"] = "votes no in"
			text["grant-revoked"] = "the old grant is revoked,"
		}
		$1 >= since && match($0, / qarbd\[[0-9]*\]: /) {
			line = substr($0, RSTART + RLENGTH)
			fact = line
			sub(/ .*/, "", fact)
			if (fact in text)
				print $1, node, "qarbd: " text[fact] substr(line, length(fact) + 1)
		}' "$LAB_DIR/$1/log/syslog"
}

# Everything since the instant SINCE (ns), in the order of time, in ms after it: lab_timeline SINCE
lab_timeline()
{
	local f
	for f in "$LAB_DIR"/samples/node*; do
		sed "s/^/sample ${f##*/} /" "$f"
	done | awk -v since="$1" '
		function line(t, where, text) { printf "%d %s %s\n", t, where, text }
		{ node = $2; kind = $3 }
		kind == "U" { vote[node] = ""; quorate[node] = "" }
		kind == "L" && $4 > since { line($4, node, "corosync is gone"); next }
		{
			for (i = 4; i <= NF; i++) {
				split($i, w, "=")
				v[w[1]] = w[2]
			}
		}
		kind == "N" && $4 > since && v["ring"] != ring[node] {
			line($4, node, "corosync: new ring of nodes " v["members"])
		}
		kind == "N" { ring[node] = v["ring"] }
		kind == "I" {
			c = int(v["flags"] / 256) % 2
			q = int(v["flags"] / 2) % 2
			if ($4 > since && c != vote[node] && vote[node] != "")
				line($4, node, c ? "the device'"'"'s vote is cast" : "no longer casts the device'"'"'s vote")
			if ($4 > since && q != quorate[node] && quorate[node] != "")
				line($4, node, q ? "QUORATE" : "quorum lost")
			vote[node] = c
			quorate[node] = q
		}' >"$LAB_DIR/timeline.unsorted"
	awk -v since="$1" '
		function fault_text(   i, t) {
			if ($4 == "cut")
				return "the cable between " $5 " and " $6 " is cut" ($7 == "one" ? " one way" : "")
			if ($4 != "split")
				return "all cables work again"
			for (i = 5; i <= NF; i++)
				t = t (t ? " | " : "the nodes are split: ") $i
			return t
		}
		$1 < since { next }
		$3 == "power" && $4 == "off" { print $1, $2, "loses power" }
		$3 == "power" && $4 == "on" { print $1, $2, "has power again and boots" }
		$3 == "bmc" { print $1, $2, "is fenced: its BMC is told \"" $4 " " $5 "\"" }
		$3 == "corosync" { print $1, $2, "starts corosync, qarbd and pacemaker" }
		$2 == "lab" && $3 == "fault" { $1 = $1; print $1, "network", fault_text() }
		$3 == "service" && $4 ~ /start|stop/ { print $1, $2, "SERVICE " ($4 == "start" ? "STARTED" : "STOPPED") }' \
		"$LAB_DIR/events" >>"$LAB_DIR/timeline.unsorted"
	for f in $(lab_node_names); do
		lab_decisions "$f" "$1"
	done >>"$LAB_DIR/timeline.unsorted"
	sort -n "$LAB_DIR/timeline.unsorted" | awk -v since="$1" '
		{
			t = ($1 - since) / 1000000
			where = $2
			$1 = $2 = ""
			printf "  %8.0f ms  %-8s %s\n", t, where, substr($0, 3)
		}'
}
