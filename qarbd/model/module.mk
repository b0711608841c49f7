# SPDX-License-Identifier: GPL-2.0-or-later
# Plain values shared by all rooms. Uses base.
