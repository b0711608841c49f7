# SPDX-License-Identifier: GPL-2.0-or-later
# qarb-crm. Uses base, model, and of the shell the reading of corosync.conf. Its CIB is libxml2's and
# libcrmcommon's, which both bring their headers with the pkg-config name "pacemaker".
PKGS.crm-snippets := pacemaker libxml-2.0
PKGS.crm-snippets/rules := pacemaker libxml-2.0
CRM_SHELL := config config_check confile
