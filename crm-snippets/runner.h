/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm-snippets: Pacemaker's tools as children, and what becomes of them and us when somebody ends
 * this program.
 */
#ifndef QARB_CRM_RUNNER_H
#define QARB_CRM_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum runner_flags {
	RUNNER_ERRORS = 1,  /* its complaints belong to its output; else they are dropped */
	RUNNER_CHANGES = 2, /* it changes something that must not stay half done */
	RUNNER_LOOKS = 4,   /* it answers at once where all is well */
};

enum runner_code {
	RUNNER_NOT_RUN = -1,
	RUNNER_STOPPED = -2, /* somebody ends this program, so the tool was ended or not begun */
	RUNNER_LATE = -3,    /* it took too long and was ended */
};

/* From here on a signal ends the tool that runs, not us: it is for the caller to put away what must
 * not stay, and to end.  A tool that changes something gets time to be done with it. */
void runner_catch(void);
/* Has a signal come since? */
bool runner_stopped(void);

/* Of the monotonic clock. */
uint64_t runner_now_ms(void);

/* Run a program without a shell.  environment: NULL or one more NAME=VALUE for it.  flags: of enum
 * runner_flags.  out: output, what it prints, to be freed.
 * returns: its exit code, 128 and the signal that ended it, or of enum runner_code. */
int runner_run(const char *const argv[], const char *environment, unsigned int flags,
	       char **output);
/* Show what a tool complains of, but not what it shows of the CIB: there are passwords in it. */
void runner_complain(const char *output);
/* "ended with code 78", as a sentence about a tool goes on. */
const char *runner_text(int code, char *text, size_t size);
/* Our exit code for a tool's that is not 0. */
int runner_exit(int code);
/* May the tool have done its work, though it does not say so? */
bool runner_unsure(int code);
/* Say in one line why there is no result; nothing has been changed so far.  returns: our exit
 * code. */
int runner_say(const char *tool, int code);

#endif
