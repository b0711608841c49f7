/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base: the one result type of the project.
 *
 * RC_OK is 0, no member is negative, and results are compared only with == and != so that a
 * mistaken ordered comparison never compiles clean.  Foreign return codes (errno, cs_error_t,
 * pcmk_rc_*) die where the foreign call is made and become one of these.
 */
#ifndef QARB_BASE_RC_H
#define QARB_BASE_RC_H

#define RC_MUST_CHECK __attribute__((warn_unused_result))

enum rc {
	RC_OK = 0,
	RC_BADMAGIC,	/* not one of our blocks */
	RC_BADVERSION,	/* our block, of a format this program does not read */
	RC_BADSUM,	/* checksum mismatch: torn or rotten */
	RC_BADUUID,	/* a block of another disk */
	RC_MISDIRECTED, /* a block of another slot, copy or node */
	RC_BADVALUE,	/* a field outside its range, or bytes that must be zero are not */
	RC_TOOSMALL,	/* buffer or device too small */
	RC_PARTIAL,	/* one of two copies verified: use it, but read again if possible */
	RC_IO,		/* the device reported an error */
	RC_TIMEOUT,	/* no answer in time: neither done nor failed */
	RC_GONE,	/* the other side closed, or the device vanished */
	RC_BUSY,	/* in use by another holder */
	RC_REFUSED,	/* understood, and not done because it is not permitted */
	RC_NOTFOUND,	/* no such thing */
	RC_SYNTAX,	/* text that cannot be parsed */
	RC_AGAIN,	/* not now; try again */
	RC_UNSAFE,	/* understood and permitted, and not done because a rule forbids it now */
	RC_COUNT
};

/* in: any rc.  returns: a short lower-case English text, never NULL. */
const char *rc_text(enum rc rc);

#endif
