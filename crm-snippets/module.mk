# SPDX-License-Identifier: GPL-2.0-or-later
# qarb-crm. Uses base, model, and of the shell the reading of corosync.conf. Its CIB is libxml2's and
# libcrmcommon's, which both bring their headers with the pkg-config name "pacemaker".
PKGS.crm-snippets := pacemaker libxml-2.0
PKGS.crm-snippets/rules := pacemaker libxml-2.0
CRM_SHELL := config config_arbiter config_check config_evict confile
# libxml2's BAD_CAST casts away const, which clang judges where it is used.
CFLAGS.crm-snippets := -Wno-cast-qual
CFLAGS.crm-snippets/rules := -Wno-cast-qual
