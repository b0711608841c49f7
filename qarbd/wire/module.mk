# SPDX-License-Identifier: GPL-2.0-or-later
# Bytes to values and back. Uses base and model.
