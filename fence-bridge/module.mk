# SPDX-License-Identifier: GPL-2.0-or-later
# qarb-fence-bridge: from the daemon's eviction orders to Pacemaker's fencer. Uses base, model,
# client and the eviction message's codec. fence_qarb, the fence agent, is in agent/ and uses base,
# model, client and the codec of the daemon's IPC.
PKGS.fence-bridge := pacemaker-fencing pacemaker-cib pacemaker glib-2.0 libxml-2.0 libqb
PKGS.fence-bridge/agent := libqb
