# SPDX-License-Identifier: GPL-2.0-or-later
# Result codes, bytes, checksums, bitmaps, CHECK(). Uses nothing.
