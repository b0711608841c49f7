# SPDX-License-Identifier: GPL-2.0-or-later
# qarbctl. Uses base, model, wire, client, the door of core, and of the shell: block devices, the
# standard descriptors, and the pure reading of the configuration, which must be judged by the very
# code that the daemon uses.
PKGS.qarbd/tool := libqb libcmap blkid
TOOL_SHELL := blkdev blkstack config config_arbiter config_check config_evict config_warn confile nowayout \
	samedisk sbdfile standard
