# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One BMC a node, on the management network, which no cut touches and which has power when the node
# has none: OpenIPMI's simulator, whose chassis control is the script `bmc-chassis`.

lab_bmc_addr() { echo "10.78.0.$((100 + $(lab_id_of "$1")))"; }

lab_bmc_create()
{
	local n
	for n in $(lab_node_names); do
		lab_mgmt ip addr add "$(lab_bmc_addr "$n")/24" dev br0
		lab_bmc_start "$n"
	done
}

lab_bmc_start()
{
	local node=$1 dir=$LAB_DIR/bmc/$1 addr
	addr=$(lab_bmc_addr "$node")
	mkdir -p "$dir/state"
	cat >"$dir/lan.conf" <<-END
		name "$node"
		set_working_mc 0x20
		  startlan 1
		    addr $addr 623
		    priv_limit admin
		    allowed_auths_callback none md2 md5 straight
		    allowed_auths_user none md2 md5 straight
		    allowed_auths_operator none md2 md5 straight
		    allowed_auths_admin none md2 md5 straight
		    guid a123456789abcdefa123456789abcdef
		  endlan
		  chassis_control "$LAB_HOME/bmc-chassis $LAB_DIR $node"
		user 1 true "" "" user 10 none md2 md5 straight
		user 2 true "lab" "${LAB_BMC_PASSWORD:-lab}" admin 10 none md2 md5 straight
	END
	cat >"$dir/sim.emu" <<-END
		mc_setbmc 0x20
		mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
		mc_enable 0x20
	END
	QARB_LAB=$LAB_ID setsid nsenter -t "$(<"$LAB_DIR/state/mgmt")" -n -- \
		ipmi_sim -c "$dir/lan.conf" -f "$dir/sim.emu" -s "$dir/state" -n \
		>>"$dir/log" 2>&1 </dev/null &
	echo $! >"$dir/pid"
	echo $! >>"$LAB_DIR/pids"
	disown $!
}

# A BMC that does not answer any more, and one that answers again.
lab_bmc_fail()
{
	lab_kill_pid "$(<"$LAB_DIR/bmc/$1/pid")"
	lab_wait 2 lab_pid_gone "$(<"$LAB_DIR/bmc/$1/pid")" || :
	lab_stamp "$1" fault bmc-dead
}

lab_bmc_repair()
{
	lab_bmc_start "$1"
	lab_stamp "$1" fault bmc-alive
}
