/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: how this node ends itself, by the guardian: reboot at once, or stop the cluster stack
 * first.  Stopping is no fencing: nobody is told that it is complete.
 */
#ifndef QARB_SHELL_SELFEND_H
#define QARB_SHELL_SELFEND_H

#include "model/config.h"

enum selfend_phase {
	SELFEND_NONE = 0,
	SELFEND_PACEMAKER, /* its services end first */
	SELFEND_COROSYNC,  /* never from under a running pacemakerd */
	SELFEND_STOPPED,   /* the stack is down */
	SELFEND_FENCE,	   /* one method after the other, for ever */
};

struct selfend {
	int sysrq_fd; /* -1: cannot be used */
	enum selfend_phase phase;
	uint64_t since_ms;
	uint64_t next_ms; /* of the next signal or method */
	uint32_t tried;
};

/* Open what must be at hand when nothing else works any more.  in: sysrq, the trigger's path. */
void selfend_open(struct selfend *s, const char *sysrq);
/* Begin, or turn a stop into a reboot.  Anything else changes nothing. */
void selfend_begin(struct selfend *s, enum self_act act, uint64_t now_ms);
/* Do what is due.  returns: when to call again; UINT64_MAX: nothing is under way. */
uint64_t selfend_step(struct selfend *s, const struct config *c, uint64_t now_ms);

/* Ask the kernel for an immediate reboot.  returns: RC_OK: asked | RC_NOTFOUND | RC_IO. */
enum rc selfend_sysrq(const struct selfend *s);

/* returns: the pid of a process of this name in the own pid namespace, 0 when there is none. */
int selfend_find(const char *name);

#endif
