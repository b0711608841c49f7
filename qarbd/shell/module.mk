# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that touches the world. Uses base, model, wire, client and the door of core.
PKGS.qarbd/shell := libqb libvotequorum libcmap libcpg
