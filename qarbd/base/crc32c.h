/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base: CRC-32C (Castagnoli, reflected, as in iSCSI, RFC 3720): the sum of "123456789" is
 * 0xe3069283.  Pure; uses the processor's instruction where there is one.
 */
#ifndef QARB_BASE_CRC32C_H
#define QARB_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* in: size bytes at data, borrowed for the call.  returns: their sum. */
uint32_t crc32c_sum(const void *data, size_t size);

/* in: sum of some bytes.  returns: the sum of the same bytes with count zeros behind, in a time
 * that grows with the logarithm of count. */
uint32_t crc32c_append_zeros(uint32_t sum, uint32_t count);

/* The same without the processor's instructions, where it has none, and for tests. */
uint32_t crc32c_sum_portable(const void *data, size_t size);
uint32_t crc32c_append_zeros_portable(uint32_t sum, uint32_t count);

#endif
