/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/crc32c.h"

#include "base/bytes.h"
#include "base/crc32c_table.h"

/* Eight bytes at a step: the sum is linear, so each byte's share is looked up on its own and the
 * shares are added. */
static uint32_t sum_table(uint32_t crc, const uint8_t *p, size_t size)
{
	for (; size >= 8; p += 8, size -= 8) {
		uint64_t w = bytes_load_u64(p) ^ crc;

		crc = crc32c_table[7][w & 255] ^ crc32c_table[6][w >> 8 & 255] ^
		      crc32c_table[5][w >> 16 & 255] ^ crc32c_table[4][w >> 24 & 255] ^
		      crc32c_table[3][w >> 32 & 255] ^ crc32c_table[2][w >> 40 & 255] ^
		      crc32c_table[1][w >> 48 & 255] ^ crc32c_table[0][w >> 56];
	}
	for (; size != 0; p++, size--)
		crc = crc >> 8 ^ crc32c_table[0][(crc ^ *p) & 255];
	return crc;
}

uint32_t crc32c_sum_portable(const void *data, size_t size)
{
	return ~sum_table(~(uint32_t)0, data, size);
}

#if defined(__x86_64__)

#include <immintrin.h>

/* The instruction takes three cycles but a new one starts in each, so three lanes of a block are
 * summed side by side.  Three lanes of this size and 12 bytes are one block of the disk format. */
enum { LANE = 1360 };

/* A register that passes n zero bytes is multiplied by x^(8n) modulo the polynomial.  The
 * carry-less product of two reflected words carries one x too many, and the summing instruction
 * that reduces it multiplies by x^32: so these are x^(8n - 33) for n = LANE and 2 LANE. */
#define PASS_1_LANE 0x3f70cc6fu
#define PASS_2_LANES 0x5aa1f3cfu

__attribute__((target("sse4.2,pclmul"))) static uint64_t pass(uint64_t crc, uint32_t factor)
{
	__m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)crc),
					       _mm_cvtsi64_si128((long long)factor), 0);

	return _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

__attribute__((target("sse4.2,pclmul"))) static uint32_t sum_instruction(const uint8_t *p,
									 size_t size)
{
	uint64_t a = 0xffffffff;

	for (; size >= 3 * LANE; p += 3 * LANE, size -= 3 * LANE) {
		uint64_t b = 0;
		uint64_t c = 0;

		for (size_t i = 0; i < LANE; i += 8) {
			a = _mm_crc32_u64(a, bytes_load_u64(p + i));
			b = _mm_crc32_u64(b, bytes_load_u64(p + LANE + i));
			c = _mm_crc32_u64(c, bytes_load_u64(p + 2 * LANE + i));
		}
		a = pass(a, PASS_2_LANES) ^ pass(b, PASS_1_LANE) ^ c;
	}
	for (; size >= 8; p += 8, size -= 8)
		a = _mm_crc32_u64(a, bytes_load_u64(p));
	for (; size != 0; p++, size--)
		a = _mm_crc32_u8((uint32_t)a, *p);
	return ~(uint32_t)a;
}

uint32_t crc32c_sum(const void *data, size_t size)
{
	if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul"))
		return sum_instruction(data, size);
	return crc32c_sum_portable(data, size);
}

#else

uint32_t crc32c_sum(const void *data, size_t size)
{
	return crc32c_sum_portable(data, size);
}

#endif
