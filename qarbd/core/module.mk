# SPDX-License-Identifier: GPL-2.0-or-later
# The decisions. Uses base and model.
CFLAGS.qarbd/core := -Wswitch-enum
