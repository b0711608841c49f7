/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: whether two arbiters of a configuration are one disk of this node, by other names. */
#ifndef QARB_SHELL_SAMEDISK_H
#define QARB_SHELL_SAMEDISK_H

#include "shell/config.h"

/* Compares the devices whose paths exist; labels are not looked up.
 * out: warnings, a line more for each arbiter that has the disk of one before it. */
void samedisk_warn(const struct config *c, struct config_problems *warnings);

#endif
