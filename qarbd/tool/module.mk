# SPDX-License-Identifier: GPL-2.0-or-later
# qarbctl. Uses base, model, wire, the door of core, and shell/blkdev.
PKGS.qarbd/tool := libqb libcmap blkid
