/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/rc.h"

const char *rc_text(enum rc rc)
{
	switch (rc) {
	case RC_OK:
		return "ok";
	case RC_BADMAGIC:
		return "no qarb block";
	case RC_BADVERSION:
		return "unknown format version";
	case RC_BADSUM:
		return "checksum mismatch";
	case RC_BADUUID:
		return "block of another disk";
	case RC_MISDIRECTED:
		return "block of another place";
	case RC_BADVALUE:
		return "value out of range";
	case RC_TOOSMALL:
		return "too small";
	case RC_PARTIAL:
		return "one copy of two";
	case RC_IO:
		return "input/output error";
	case RC_TIMEOUT:
		return "timed out";
	case RC_GONE:
		return "gone";
	case RC_BUSY:
		return "busy";
	case RC_REFUSED:
		return "refused";
	case RC_NOTFOUND:
		return "not found";
	case RC_SYNTAX:
		return "syntax error";
	case RC_AGAIN:
		return "try again";
	case RC_UNSAFE:
		return "refused because unsafe";
	case RC_COUNT:
		break;
	}
	return "unknown result";
}
