# SPDX-License-Identifier: GPL-2.0-or-later
# Benchmarks: each .c is a program of its own; failover is a script.
PKGS.tests/bench := libqb libvotequorum libcmap libcpg libquorum libcfg
