# SPDX-License-Identifier: GPL-2.0-or-later
# The simulator: one program out of all files here, with base, model, wire and core.
