# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios on real clusters. Each .c here or in lab/ is a program, shim_*.c a preload library.
PKGS.tests/cts := libqb libvotequorum libcmap libcpg libquorum libcfg
PKGS.tests/cts/lab := $(PKGS.tests/cts)
