# SPDX-License-Identifier: GPL-2.0-or-later
# test_<stem>.c: one cmocka program each, linked with all rooms; other .c files go to every test.
PKGS.tests/unit := cmocka libqb libvotequorum libcmap libcpg blkid libxml-2.0
