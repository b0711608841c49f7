/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: UTF-8 (RFC 3629). */
#ifndef QARB_TOOL_UTF8_H
#define QARB_TOOL_UTF8_H

#include <stddef.h>

/* in: text, ended by NUL.  returns: the length of the sequence it begins with, 0 if there is none:
 * overlong ones, surrogates and numbers beyond U+10FFFF are none. */
size_t utf8_length(const char *text);

#endif
