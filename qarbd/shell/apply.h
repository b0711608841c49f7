/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: carries out the core's actions; the only switch over them. */
#ifndef QARB_SHELL_APPLY_H
#define QARB_SHELL_APPLY_H

#include "shell/decider.h"

void apply_actions(struct decider *d, uint64_t now_ms);

#endif
