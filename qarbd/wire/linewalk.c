/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/linewalk.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

void linewalk_init_write(struct linewalk *l, char *out, size_t size)
{
	memset(l, 0, sizeof(*l));
	l->out = out;
	l->size = size;
}

void linewalk_init_read(struct linewalk *l, const char *in, size_t size)
{
	memset(l, 0, sizeof(*l));
	l->reading = true;
	l->in = in;
	l->size = size;
}

static void put(struct linewalk *l, const char *p, size_t size)
{
	if (l->failed || size > l->size - l->at) {
		l->failed = true;
		return;
	}
	memcpy(l->out + l->at, p, size);
	l->at += size;
}

static bool next_is(const struct linewalk *l, const char *text)
{
	size_t size = strlen(text);

	return !l->failed && size <= l->size - l->at && memcmp(l->in + l->at, text, size) == 0;
}

void linewalk_text(struct linewalk *l, const char *text)
{
	if (!l->reading) {
		put(l, text, strlen(text));
		return;
	}
	/* One byte after the other, so that `at` shows which one was not expected. */
	for (; *text && !l->failed; text++) {
		if (l->at < l->size && l->in[l->at] == *text)
			l->at++;
		else
			l->failed = true;
	}
}

bool linewalk_option(struct linewalk *l, const char *text, bool write)
{
	if (!l->reading) {
		if (write)
			put(l, text, strlen(text));
		return write;
	}
	if (!next_is(l, text))
		return false;
	l->at += strlen(text);
	return true;
}

static int digit_value(char c, uint32_t base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	return value < (int)base ? value : -1;
}

static void read_number(struct linewalk *l, uint64_t *v, uint64_t max, uint32_t base)
{
	size_t begin = l->at;
	uint64_t value = 0;

	*v = 0;
	while (!l->failed && l->at < l->size) {
		int digit = digit_value(l->in[l->at], base);

		if (digit < 0)
			break;
		/* A leading zero is a second spelling. */
		if ((l->at == begin + 1 && l->in[begin] == '0') || (uint64_t)digit > max ||
		    value > (max - (uint64_t)digit) / base) {
			l->failed = true;
			break;
		}
		value = value * base + (uint64_t)digit;
		l->at++;
	}
	if (l->at == begin)
		l->failed = true;
	if (!l->failed)
		*v = value;
}

static void write_number(struct linewalk *l, uint64_t v, uint32_t base)
{
	char text[20];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[v % base];
		v /= base;
	} while (v != 0);
	put(l, text + at, sizeof(text) - at);
}

void linewalk_number(struct linewalk *l, uint64_t *v, uint64_t max)
{
	if (l->reading)
		read_number(l, v, max, 10);
	else
		write_number(l, *v, 10);
}

void linewalk_number_hex(struct linewalk *l, uint64_t *v, uint64_t max)
{
	if (l->reading)
		read_number(l, v, max, 16);
	else
		write_number(l, *v, 16);
}

void linewalk_bytes(struct linewalk *l, uint8_t *v, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!l->reading) {
			const char pair[2] = { digits[v[i] >> 4], digits[v[i] & 15] };

			put(l, pair, sizeof(pair));
			continue;
		}
		v[i] = 0;
		for (int half = 0; half < 2; half++) {
			int digit = l->at < l->size ? digit_value(l->in[l->at], 16) : -1;

			if (l->failed || digit < 0) {
				l->failed = true;
				v[i] = 0;
				break;
			}
			v[i] = (uint8_t)(v[i] << 4 | digit);
			l->at++;
		}
	}
}

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

void linewalk_name(struct linewalk *l, const char *const *names, uint32_t count, uint32_t *v)
{
	size_t size = 0;
	uint64_t number = 0;

	if (!l->reading) {
		if (*v >= count) {
			l->failed = true;
		} else if (names[*v]) {
			linewalk_text(l, names[*v]);
		} else {
			linewalk_text(l, "#");
			write_number(l, *v, 10);
		}
		return;
	}
	*v = 0;
	if (l->failed)
		return;
	if (linewalk_option(l, "#", false)) {
		read_number(l, &number, count - 1, 10);
		if (!l->failed && names[number])
			l->failed = true;
		*v = l->failed ? 0 : (uint32_t)number;
		return;
	}
	while (l->at + size < l->size && word_byte(l->in[l->at + size]))
		size++;
	for (uint32_t i = 0; i < count; i++) {
		if (names[i] && strlen(names[i]) == size &&
		    memcmp(names[i], l->in + l->at, size) == 0) {
			l->at += size;
			*v = i;
			return;
		}
	}
	l->failed = true;
}

void linewalk_key(struct linewalk *l, const char *key)
{
	linewalk_text(l, " ");
	linewalk_text(l, key);
	linewalk_text(l, "=");
}

void linewalk_u64(struct linewalk *l, const char *key, uint64_t *v)
{
	linewalk_key(l, key);
	linewalk_number(l, v, UINT64_MAX);
}

void linewalk_hex(struct linewalk *l, const char *key, uint64_t *v)
{
	linewalk_key(l, key);
	linewalk_text(l, "0x");
	linewalk_number_hex(l, v, UINT64_MAX);
}

void linewalk_u32(struct linewalk *l, const char *key, uint32_t *v)
{
	uint64_t wide = *v;

	linewalk_key(l, key);
	linewalk_number(l, &wide, UINT32_MAX);
	*v = (uint32_t)wide;
}

void linewalk_bool(struct linewalk *l, const char *key, bool *v)
{
	uint64_t wide = *v;

	linewalk_key(l, key);
	linewalk_number(l, &wide, 1);
	*v = wide != 0;
}

bool linewalk_end(struct linewalk *l)
{
	if (l->reading && l->at < l->size)
		l->failed = true;
	return !l->failed;
}
