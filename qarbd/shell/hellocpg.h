/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: what nodes of one ring tell each other of their disks, through corosync's process groups:
 * never on the voting path (doc/protocol.md, S6).
 */
#ifndef QARB_SHELL_HELLOCPG_H
#define QARB_SHELL_HELLOCPG_H

#include "shell/shm.h"

/* in: take, called for every hello of another node; user, given back to it. */
RC_MUST_CHECK enum rc hellocpg_connect(void (*take)(const struct hello_record *r, void *user),
				       void *user);
void hellocpg_close(void);
int hellocpg_fd(void);
/* returns: RC_OK | RC_GONE. */
RC_MUST_CHECK enum rc hellocpg_dispatch(void);
/* returns: RC_OK | RC_AGAIN: corosync synchronizes, another one follows anyway | RC_GONE. */
RC_MUST_CHECK enum rc hellocpg_send(const struct hello_record *r);

#endif
