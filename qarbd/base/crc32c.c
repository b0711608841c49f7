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

/* A register that passes n zero bytes is multiplied by x^(8n) modulo the polynomial: these are the
 * factors for n = 1, 2, 4, 8, ... bytes. */
static const uint32_t factor_of[13] = {
	0x00800000, 0x00008000, 0x82f63b78, 0x6ea2d55c, 0x18b8ea18, 0x510ac59a, 0xb82be955,
	0xb8fdb1e7, 0x88e56f72, 0x74c360a4, 0xe4172b16, 0x0d65762a, 0x35d73a62,
};

enum { FACTORS = sizeof(factor_of) / sizeof(factor_of[0]) };

/* returns: a b modulo the polynomial; bit 31 stands for x^0. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (; b != 0; b <<= 1) {
		if ((b & 0x80000000) != 0)
			product ^= a;
		a = a >> 1 ^ ((a & 1) != 0 ? 0x82f63b78 : 0);
	}
	return product;
}

uint32_t crc32c_append_zeros_portable(uint32_t sum, uint32_t count)
{
	uint32_t crc = ~sum;

	for (; count >> FACTORS != 0; count -= (uint32_t)1 << (FACTORS - 1))
		crc = multiply(crc, factor_of[FACTORS - 1]);
	for (uint32_t k = 0; k < FACTORS; k++) {
		if ((count >> k & 1) != 0)
			crc = multiply(crc, factor_of[k]);
	}
	return ~crc;
}

#if defined(__x86_64__)

#include <immintrin.h>

/* The instruction takes three cycles but a new one starts in each, so three lanes are summed side
 * by side.  Three lanes of this size and 8 bytes are the fields of a slot, six and 60 a whole
 * block. */
enum { LANE = 672 };

/* The carry-less product of two reflected words carries one x too many, and the summing instruction
 * that reduces it multiplies by x^32: so these are x^(8n - 33), for n = LANE, 2 LANE, and for
 * n = 1, 2, 4, 8, ... */
#define PASS_1_LANE 0xcec3662eu
#define PASS_2_LANES 0xc9c8b782u

static const uint32_t pass_of[FACTORS] = {
	0xbf818109, 0x780d5a4d, 0x05ec76f1, 0x00000001, 0x493c7d27, 0xba4fc28e, 0x9e4addf8,
	0x0d3b6092, 0xb9e02b86, 0xdd7e3b0c, 0x170076fa, 0xa51b6135, 0x82f89c77,
};

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

__attribute__((target("sse4.2,pclmul"))) static uint32_t append_instruction(uint32_t sum,
									    uint32_t count)
{
	uint64_t crc = (uint32_t)~sum;

	for (; count >> FACTORS != 0; count -= (uint32_t)1 << (FACTORS - 1))
		crc = pass(crc, pass_of[FACTORS - 1]);
	for (uint32_t k = 0; k < FACTORS; k++) {
		if ((count >> k & 1) != 0)
			crc = pass(crc, pass_of[k]);
	}
	return ~(uint32_t)crc;
}

static int has_instructions(void)
{
	return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

uint32_t crc32c_sum(const void *data, size_t size)
{
	return has_instructions() ? sum_instruction(data, size) : crc32c_sum_portable(data, size);
}

uint32_t crc32c_append_zeros(uint32_t sum, uint32_t count)
{
	return has_instructions() ? append_instruction(sum, count)
				  : crc32c_append_zeros_portable(sum, count);
}

#else

uint32_t crc32c_sum(const void *data, size_t size)
{
	return crc32c_sum_portable(data, size);
}

uint32_t crc32c_append_zeros(uint32_t sum, uint32_t count)
{
	return crc32c_append_zeros_portable(sum, count);
}

#endif
