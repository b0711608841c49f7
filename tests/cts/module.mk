# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios on real clusters. Each .c here or in lab/ is a program, shim_*.c a preload library;
# PARTS.PROGRAM names what is linked into one of them and is no program itself.
PARTS.labaudit := tests/cts/lab/records.c
PKGS.tests/cts := libqb libvotequorum libcmap libcpg libquorum libcfg
PKGS.tests/cts/lab := $(PKGS.tests/cts)
