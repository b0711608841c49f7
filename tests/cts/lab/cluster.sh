# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The cluster software in the nodes: stock corosync and pacemaker, and what feeds votequorum.

lab_corosync_conf()
{
	local n votes
	read -r -a votes <<<"$LAB_NODE_VOTES"
	cat <<-END
		totem {
		    version: 2
		    cluster_name: lab
		    transport: $LAB_TRANSPORT
		    crypto_cipher: none
		    crypto_hash: none
		    token: $LAB_TOKEN
		$LAB_TOTEM
		$([[ -z $LAB_KNET_PING_MS ]] || printf '    interface {\n        linknumber: 0\n        knet_ping_interval: %d\n        knet_ping_timeout: %d\n    }\n' "$((LAB_KNET_PING_MS / 4))" "$LAB_KNET_PING_MS")
		}
		nodelist {
	END
	for n in ${LAB_LISTED:-$(lab_node_names)}; do
		cat <<-END
			    node {
			        name: $n$LAB_NAME_END
			        nodeid: $(lab_nodeid_of "$n")
			        ring0_addr: $(lab_addr "$n")
			$([[ -z $LAB_NODE_VOTES ]] || echo "        quorum_votes: ${votes[$(lab_id_of "$n") - 1]}")
			    }
		END
	done
	cat <<-END
		}
		quorum {
		    provider: corosync_votequorum
		$([[ -z $LAB_WAIT_FOR_ALL ]] || echo "    wait_for_all: $LAB_WAIT_FOR_ALL")
		$LAB_QUORUM
		$(lab_device_conf)
		}
		logging {
		    to_stderr: no
		    to_syslog: no
		    to_logfile: yes
		    logfile: /var/log/corosync/corosync.log
		    timestamp: hires
		}
	END
}

lab_device_conf()
{
	local times=
	[[ -z $LAB_SYNC_TIMEOUT ]] || times="timeout: $LAB_TIMEOUT
		        sync_timeout: $LAB_SYNC_TIMEOUT"
	case $LAB_DEVICE in
	none)
		[[ $LAB_NODES -ne 2 ]] || echo "    two_node: 1"
		;;
	absent) ;;
	qarb)
		cat <<-END
			    device {
			        model: qarb
			        $times
			$([[ -z $LAB_DEVICE_VOTES ]] || echo "        votes: $LAB_DEVICE_VOTES")
			$LAB_DEVICE_LINES
			        qarb {
			            algorithm: $LAB_ALGORITHM
			            tie_breaker: $LAB_TIE
			            dead_ms: $LAB_DEAD_MS
			            self_fence: reboot
			${LAB_EVICT_AFTER:+            evict_after_ms: $LAB_EVICT_AFTER}
			${LAB_MAINTENANCE:+            evict_in_maintenance: $LAB_MAINTENANCE}
			$LAB_QARB
			            arbiter {
			                san1 {
			                    type: disk
			                    ${LAB_ARBITER:-device: $LAB_DISK_NODE}
			                }
			            }
			        }
			    }
		END
		;;
	net)
		cat <<-END
			    device {
			        model: net
			        $times
			$LAB_DEVICE_LINES
			        net {
			            host: $(lab_addr qnetd)
			            algorithm: lms
			            tls: off
			            tie_breaker: $LAB_TIE
			$LAB_NET_LINES
			        }
			    }
		END
		;;
	*)
		lab_fail "LAB_DEVICE=$LAB_DEVICE: allowed are none, absent, qarb and net"
		;;
	esac
}

lab_cib()
{
	local n id
	cat <<-END
		<cib crm_feature_set="3.16.0" validate-with="pacemaker-3.8" admin_epoch="0" epoch="10" num_updates="0">
		 <configuration>
		  <crm_config>
		   <cluster_property_set id="lab">
		    <nvpair id="lab-stonith" name="stonith-enabled" value="${LAB_STONITH_ENABLED:-$([[ $LAB_FENCING == yes ]] && echo true || echo false)}"/>
		    <nvpair id="lab-action" name="stonith-action" value="$LAB_STONITH_ACTION"/>
		    <nvpair id="lab-startup" name="startup-fencing" value="$([[ -z $LAB_DC ]] && echo true || echo false)"/>
		    <nvpair id="lab-dc-deadtime" name="dc-deadtime" value="2s"/>
		    <nvpair id="lab-watchdog" name="have-watchdog" value="false"/>
		   </cluster_property_set>
		  </crm_config>
		  <nodes>
		$(for n in $(lab_node_names); do echo "   <node id=\"$(lab_nodeid_of "$n")\" uname=\"$n\"/>"; done)
		  </nodes>
		  <resources>
	END
	[[ $LAB_FENCING == no || $LAB_AGENT == ipmi ]] || cat <<-END
		   <primitive id="poison" class="stonith" type="fence_qarb">
		    <instance_attributes id="poison-p">
		     <nvpair id="poison-verbose" name="verbose" value="1"/>
		$([[ -z $LAB_AGENT_UNSAFE ]] || echo "     <nvpair id=\"poison-unsafe\" name=\"unsafe_silence\" value=\"$LAB_AGENT_UNSAFE\"/>")
		     <nvpair id="poison-hosts" name="pcmk_host_list" value="$(lab_node_names | tr '\n' ' ')"/>
		    </instance_attributes>
		   </primitive>
	END
	[[ $LAB_FENCING == no || $LAB_AGENT == qarb ]] || for n in $(lab_node_names); do
		cat <<-END
			   <primitive id="fence-$n" class="stonith" type="fence_ipmilan">
			    <instance_attributes id="fence-$n-p">
			     <nvpair id="fence-$n-ip" name="ip" value="$(lab_bmc_addr "$n")"/>
			     <nvpair id="fence-$n-user" name="username" value="lab"/>
			     <nvpair id="fence-$n-pass" name="password" value="lab"/>
			     <nvpair id="fence-$n-plus" name="lanplus" value="1"/>
			     <nvpair id="fence-$n-cipher" name="cipher" value="3"/>
			     <nvpair id="fence-$n-wait" name="power_wait" value="0"/>
			     <nvpair id="fence-$n-hosts" name="pcmk_host_list" value="$n"/>
			    </instance_attributes>
			   </primitive>
		END
	done
	cat <<-END
		   <primitive id="service" class="ocf" provider="qarbtest" type="stamp">
		    <meta_attributes id="service-m">
		     <nvpair id="service-role" name="target-role" value="$([[ -z $LAB_DC ]] && echo Started || echo Stopped)"/>
		     <nvpair id="service-stick" name="resource-stickiness" value="1000"/>
		    </meta_attributes>
		    <operations>
		     <op id="service-monitor" name="monitor" interval="10s" timeout="20s"/>
		    </operations>
		   </primitive>
		  </resources>
		  <constraints>
		   <rsc_location id="service-at" rsc="service" node="$LAB_SERVICE_NODE" score="50"/>
	END
	[[ $LAB_FENCING == no || $LAB_AGENT == qarb ]] || for n in $(lab_node_names); do
		id=$(lab_id_of "$n")
		echo "   <rsc_location id=\"fence-not-$id\" rsc=\"fence-$n\" node=\"$n\" score=\"-INFINITY\"/>"
	done
	[[ -z $LAB_SERVICE_NEXT ]] ||
		echo "   <rsc_location id=\"service-next\" rsc=\"service\" node=\"$LAB_SERVICE_NEXT\" score=\"25\"/>"
	echo '  </constraints>'
	if [[ $LAB_FENCING == yes && $LAB_AGENT == both ]]; then
		echo '  <fencing-topology>'
		for n in $(lab_node_names); do
			echo "   <fencing-level id=\"first-$n\" target=\"$n\" index=\"1\" devices=\"fence-$n\"/>"
			echo "   <fencing-level id=\"second-$n\" target=\"$n\" index=\"2\" devices=\"poison\"/>"
		done
		echo '  </fencing-topology>'
	fi
	echo ' </configuration><status/></cib>'
}

# Write the configuration into a node that has power; forgets any earlier cluster state.
lab_configure()
{
	local node=$1
	lab_corosync_conf >"$LAB_DIR/corosync.conf"
	lab_cib >"$LAB_DIR/cib.xml"
	lab_in "$node" sh -e -c '
		rm -f /var/lib/corosync/ringid_* /var/lib/pacemaker/cib/* /var/lib/pacemaker/pengine/*
		cp /run/lab/corosync.conf /etc/corosync/corosync.conf
		install -o hacluster -g haclient -m 600 /run/lab/cib.xml /var/lib/pacemaker/cib/cib.xml'
}

# Give every node with power the configuration that the LAB_ variables describe now, and have
# corosync read it: lab_reload "what changes"
lab_reload()
{
	local n
	lab_corosync_conf >"$LAB_DIR/corosync.conf"
	for n in $(lab_node_names); do
		lab_has_power "$n" || continue
		lab_in "$n" cp /run/lab/corosync.conf /etc/corosync/corosync.conf
	done
	lab_stamp lab fault reload "$1"
	# Corosync is busy while it synchronises a ring or works on another reload.
	lab_wait 5 lab_reload_taken || lab_fail "corosync-cfgtool -R: $1: $(<"$LAB_DIR/reload.out")"
}

# Fails at once by anything but CS_ERR_TRY_AGAIN.
lab_reload_taken()
{
	lab_in node1 corosync-cfgtool -R >"$LAB_DIR/reload.out" 2>&1 && return
	grep -q TRY_AGAIN "$LAB_DIR/reload.out" || lab_fail "corosync-cfgtool -R: $(<"$LAB_DIR/reload.out")"
	return 1
}

lab_corosync_answers() { lab_in "$1" corosync-cmapctl -g totem.version >/dev/null 2>&1; }

lab_corosync_start()
{
	local env=()
	[[ -z $LAB_PRELOAD ]] || env=(env "LD_PRELOAD=$LAB_PRELOAD" "LAB_NODE=$1")
	lab_bg "$1" corosync.out "${env[@]}" corosync -f
	lab_wait 20 lab_corosync_answers "$1" ||
		lab_fail "corosync on $1 does not answer: $(tail -n 1 "$LAB_DIR/$1/corosync.out")"
	lab_stamp "$1" corosync start
}

# What feeds votequorum on this node.
lab_device_start()
{
	local env=(env LAB_NODE="$1")
	case $LAB_DEVICE in
	qarb)
		[[ -z $LAB_PRELOAD ]] || env+=("LD_PRELOAD=$LAB_PRELOAD")
		# shellcheck disable=SC2206
		env+=($LAB_QARBD_ENV)
		# shellcheck disable=SC2086
		lab_bg "$1" qarbd.out "${env[@]}" "$LAB_QARBD" -f $LAB_QARBD_OPTIONS
		lab_stamp "$1" device start
		lab_bridge_start "$1"
		;;
	net)
		lab_bg "$1" qdevice.out corosync-qdevice -f
		lab_stamp "$1" device start
		;;
	esac
}

lab_pacemaker_start()
{
	[[ $LAB_PACEMAKER == yes ]] || return 0
	lab_bg "$1" pacemakerd.out env PCMK_logfile=/var/log/pacemaker/pacemaker.log pacemakerd -f
	lab_stamp "$1" pacemaker start
}

lab_cluster_start()
{
	lab_corosync_start "$1"
	lab_device_start "$1"
	lab_pacemaker_start "$1"
}

# Unless it runs, or is being started by another hand: a node that boots starts by itself.
lab_cluster_start_once()
{
	(
		flock 9
		lab_running "$1" corosync || lab_cluster_start "$1" 9>&-
	) 9>"$LAB_DIR/state/$1.start"
}

lab_qnetd_start()
{
	lab_power_on qnetd
	# shellcheck disable=SC2086
	lab_bg qnetd qnetd.out corosync-qnetd -f -s off $LAB_QNETD_OPTIONS
}

lab_disk_format()
{
	local n ids=
	for n in ${LAB_LISTED:-$(lab_node_names)}; do
		ids+=${ids:+,}$(lab_nodeid_of "$n")
	done
	for n in $(lab_node_names); do
		[[ $n == node1 || $LAB_DISK == private ]] || continue
		lab_in "$n" "$LAB_QARBCTL" disk init --label lab --cluster "$LAB_DISK_CLUSTER" --nodes \
			"$ids" "$LAB_DISK_NODE" >>"$LAB_DIR/log/disk-init.log" 2>&1 ||
			lab_fail "disk init on $n: $(tail -n 1 "$LAB_DIR/log/disk-init.log")"
	done
}

# Configure all nodes and start the cluster on LAB_START_NODES; returns when it serves.
lab_cluster_up()
{
	local n
	case $LAB_DEVICE in
	qarb)
		[[ -x $LAB_QARBD && -x $LAB_QARBCTL ]] || lab_skip "$LAB_QARBD is not built"
		;;
	net)
		[[ -z $(lab_missing_programs corosync-qnetd corosync-qdevice) ]] ||
			lab_skip "corosync-qnetd and corosync-qdevice are not installed"
		lab_qnetd_start
		;;
	esac
	echo "$LAB_AUTOSTART" >"$LAB_DIR/state/autostart"
	lab_save
	for n in $(lab_node_names); do
		lab_configure "$n"
	done
	# The disk's header takes the times from the configuration.
	[[ $LAB_DEVICE != qarb ]] || lab_disk_format
	# shellcheck disable=SC2046
	lab_start_together $(lab_start_nodes)
	[[ -z $LAB_DC ]] || lab_start_under_dc
	for n in $(lab_start_nodes); do
		lab_require 40 "$n is quorate" lab_is_quorate "$n"
	done
	[[ $LAB_PACEMAKER == no ]] || [[ -n $LAB_START_NODES ]] ||
		lab_require 60 "the service runs on $LAB_SERVICE_NODE and fencing is ready" lab_settled
}

# Start the cluster on these nodes at once; with LAB_DC set, corosync alone.
lab_start_together()
{
	local n pids=()
	for n in "$@"; do
		{
			lab_corosync_start "$n"
			[[ -n $LAB_DC ]] || {
				! lab_has_device "$n" || lab_device_start "$n"
				lab_pacemaker_start "$n"
			}
		} &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n" || exit 1
	done
}

# The device and Pacemaker start on one node, which becomes leader of the disk and DC; then on the
# others; then the service is allowed.
lab_start_under_dc()
{
	local n
	lab_device_start "$LAB_DC"
	[[ $LAB_DEVICE != qarb ]] ||
		lab_require 20 "$LAB_DC leads on the disk" lab_disk_leader_is "$LAB_DC" "$(lab_id_of "$LAB_DC")"
	for n in $(lab_node_names); do
		[[ $n == "$LAB_DC" ]] || lab_device_start "$n"
	done
	lab_pacemaker_start "$LAB_DC"
	lab_require 30 "$LAB_DC is DC" lab_dc_is "$LAB_DC" "$LAB_DC"
	for n in $(lab_node_names); do
		[[ $n == "$LAB_DC" ]] || lab_pacemaker_start "$n"
	done
	lab_require 30 "all nodes are online" lab_peers_online "$LAB_DC"
	lab_in "$LAB_DC" crm_resource --resource service --meta --set-parameter target-role \
		--parameter-value Started >/dev/null
}

# Stop the cluster on a node in order, as an administrator would.
lab_cluster_stop()
{
	local node=$1
	lab_stamp "$node" cluster stop
	if [[ $LAB_PACEMAKER == yes ]]; then
		lab_signal "$node" TERM pacemakerd
		lab_wait 60 lab_not_running "$node" pacemakerd || lab_fail "pacemakerd on $node does not end"
	fi
	lab_device_stop "$node"
	lab_signal "$node" TERM corosync
	lab_wait 20 lab_not_running "$node" corosync || lab_fail "corosync on $node does not end"
}

lab_device_stop()
{
	case $LAB_DEVICE in
	qarb)
		lab_signal "$1" TERM qarbd
		lab_wait 20 lab_not_running "$1" qarbd || lab_fail "qarbd on $1 does not end"
		;;
	net)
		lab_signal "$1" TERM corosync-qdevice
		lab_wait 20 lab_not_running "$1" corosync-qdevice || lab_fail "qdevice on $1 does not end"
		;;
	esac
}
