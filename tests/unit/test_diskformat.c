/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doc/disk-format.md says what the code does: every field has its row there, and the rows of a
 * block have neither gap nor overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture_disk.h"
#include "wire/headwire_layout.h"
#include "wire/slotwire_layout.h"

enum { ROWS_MAX = 64 };

struct row {
	unsigned long offset;
	unsigned long size;
	char name[40];
};

struct field {
	unsigned long offset;
	const char *name;
};

/* The rows "| offset | size | name |" below a heading.  returns: their count. */
static size_t read_rows(const char *heading, struct row *rows)
{
	FILE *f = fopen("doc/disk-format.md", "re");
	char line[400];
	bool inside = false;
	size_t count = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		struct row *r = &rows[count];

		if (line[0] == '#')
			inside = strstr(line, heading) != NULL;
		if (inside && count < ROWS_MAX &&
		    sscanf(line, "| %lu | %lu | %39s |", &r->offset, &r->size, r->name) == 3)
			count++;
	}
	(void)fclose(f);
	return count;
}

static void check(const char *heading, const struct field *fields, size_t count)
{
	struct row rows[ROWS_MAX];
	size_t row_count = read_rows(heading, rows);
	unsigned long at = 0;

	/* The code knows no zeros but the tail. */
	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].offset != at)
			fail_msg("%s: %s at %lu, expected %lu", heading, rows[i].name,
				 rows[i].offset, at);
		at += rows[i].size;
	}
	assert_int_equal(at, 4096);
	assert_int_equal(row_count, count);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].offset != fields[i].offset || strcmp(rows[i].name, fields[i].name) != 0)
			fail_msg("%s: row %zu is %s at %lu, the code has %s at %lu", heading, i,
				 rows[i].name, rows[i].offset, fields[i].name, fields[i].offset);
	}
}

static void the_table_of_the_header_is_the_codes(void **state)
{
	static const struct field fields[] = {
		{ HEAD_AT_MAGIC, "magic" },
		{ HEAD_AT_VERSION, "version" },
		{ HEAD_AT_OLDEST, "version_oldest" },
		{ HEAD_AT_UUID, "uuid" },
		{ HEAD_AT_COPY, "copy" },
		{ HEAD_AT_FLAGS, "flags" },
		{ HEAD_AT_CREATED, "created" },
		{ HEAD_AT_SLOT_OFFSET, "slot_offset" },
		{ HEAD_AT_BLOCK_SIZE, "block_size" },
		{ HEAD_AT_SLOT_COUNT, "slot_count" },
		{ HEAD_AT_HOLD, "hold_ms" },
		{ HEAD_AT_POLL, "poll_ms" },
		{ HEAD_AT_D, "d_ms" },
		{ HEAD_AT_INTERVAL, "interval_ms" },
		{ HEAD_AT_LABEL, "label" },
		{ HEAD_AT_CLUSTER, "cluster_name" },
		{ HEAD_AT_MAP, "map" },
		{ HEAD_AT_TAIL, "zero" },
		{ HEAD_AT_SUM, "sum" },
	};

	(void)state;
	check("Header", fields, sizeof(fields) / sizeof(fields[0]));
}

static void the_table_of_the_slot_is_the_codes(void **state)
{
	static const struct field fields[] = {
		{ AT_MAGIC, "magic" },
		{ AT_VERSION, "version" },
		{ AT_SLOT, "slot" },
		{ AT_COPY, "copy" },
		{ AT_STATE, "state" },
		{ AT_FLAGS, "flags" },
		{ AT_UUID, "uuid" },
		{ AT_NODE, "node_id" },
		{ AT_CAST, "cast" },
		{ AT_INCARNATION, "incarnation" },
		{ AT_HOST_LIFE, "host_life" },
		{ AT_SEQUENCE, "sequence" },
		{ AT_BEATS, "beats" },
		{ AT_HOLD, "hold_ms" },
		{ AT_POLL, "poll_ms" },
		{ AT_D, "d_ms" },
		{ AT_INTERVAL, "interval_ms" },
		{ AT_CONFIG_HASH, "config_hash" },
		{ AT_BEAT_MAX, "beat_ms_max" },
		{ AT_SCORE, "score" },
		{ AT_SCORE_MAX, "score_max" },
		{ AT_WEIGHT, "weight" },
		{ AT_WATCHDOG, "watchdog_ms" },
		{ AT_UNUSED_1, "zero" },
		{ AT_MBAL, "mbal" },
		{ AT_LEADING, "leading" },
		{ AT_BAL, "bal" },
		{ AT_SEEN, "seen" },
		{ AT_CAST_NUMBER, "cast_number" },
		{ AT_OTHER, "other" },
		{ AT_VIEW_INCARNATION, "view_incarnation" },
		{ AT_VIEW_RING, "view" },
		{ AT_GRANT_NUMBER, "grant_number" },
		{ AT_GRANT_RING, "grant_ring" },
		{ AT_GRANT_SET, "grant_set" },
		{ AT_GRANT_LIFE, "grant_host_life" },
		{ AT_PENDING, "pending" },
		{ AT_MAP, "map" },
		{ AT_POISON_COUNT, "poison_count" },
		{ AT_POISON_COUNT + 4, "zero" },
		{ AT_POISON, "poison" },
		{ AT_TAIL, "zero" },
		{ AT_SUM, "sum" },
	};

	(void)state;
	check("Slot", fields, sizeof(fields) / sizeof(fields[0]));
}

/* The parts of the worst case, as the page adds them up. */
static void the_worst_case_adds_up(void **state)
{
	static const struct {
		const char *name;
		unsigned long size;
	} parts[] = {
		{ "| identity, times, availability |", AT_MBAL },
		{ "| ballots and numbers (`mbal` to `cast_number`) |", AT_OTHER - AT_MBAL },
		{ "| grants of other arbiters, 7 |", AT_VIEW_INCARNATION - AT_OTHER },
		{ "| view with 64 members |", AT_GRANT_NUMBER - AT_VIEW_INCARNATION },
		{ "| grant with 64 members and 64 host lives |", AT_PENDING - AT_GRANT_NUMBER },
		{ "| pending and slot map of 64 nodes |", AT_POISON_COUNT - AT_PENDING },
		{ "| 16 poison orders |", AT_TAIL - AT_POISON_COUNT },
		{ "| **sum of the fields** |", AT_TAIL },
		{ "| unused, zero |", AT_SUM - AT_TAIL },
	};
	static char page[65536];
	FILE *f = fopen("doc/disk-format.md", "re");

	(void)state;
	assert_non_null(f);
	page[fread(page, 1, sizeof(page) - 1, f)] = 0;
	(void)fclose(f);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *at = strstr(page, parts[i].name);

		assert_non_null(at);
		at += strlen(parts[i].name);
		at += strspn(at, " *");
		assert_int_equal(strtoul(at, NULL, 10), parts[i].size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_the_header_is_the_codes),
		cmocka_unit_test(the_table_of_the_slot_is_the_codes),
		cmocka_unit_test(the_worst_case_adds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
