/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: tells systemd how far we are, if it asked to be told (sd_notify(3)'s datagram). */
#ifndef QARB_SHELL_NOTIFY_H
#define QARB_SHELL_NOTIFY_H

#include <stdbool.h>

#include "base/rc.h"

/* Never waits.  returns: false when it could not be told yet: again later. */
RC_MUST_CHECK bool notify_ready(void);
void notify_stopping(void);

#endif
