# SPDX-License-Identifier: GPL-2.0-or-later
# Clients of a service on this node, corosync's or qarbd's own: who answers, and how long they wait.
# Uses base.
PKGS.qarbd/client := libqb
