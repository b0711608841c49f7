/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of a daemon, made by the deciding code over a disk in memory, carried through the wire's
 * codec, and shown by qarbctl's own code.
 */
#ifndef QARB_TESTS_FIXTURE_STATUS_H
#define QARB_TESTS_FIXTURE_STATUS_H

#include "fixture_arb.h"
#include "fixture_tool.h"
#include "tool/why.h"

static struct ipc_response shown;

/* What node index i answers to a request of this type. */
static inline void ask(struct lab *l, uint32_t i, enum ipc_type type)
{
	static struct ipc_response r;
	static uint8_t message[IPCWIRE_RESPONSE_SIZE];
	struct ipc_status *s = &r.status;
	size_t size;

	memset(&r, 0, sizeof(r));
	r.type = type;
	(void)snprintf(s->cluster_name, sizeof(s->cluster_name), "demo <&\"");
	arb_report(&l->node[i].arb, l->now_ms, &s->arb);
	s->node_count = l->count;
	for (uint32_t k = 0; k < l->count; k++) {
		s->node[k].node_id = k + 1;
		(void)snprintf(s->node[k].name, NAME_SIZE, "n%u", k + 1);
	}
	for (uint32_t k = 0; k < s->arb.arbiter_count; k++) {
		(void)snprintf(s->disk[k].name, NAME_SIZE, "san%u", k + 1);
		(void)snprintf(s->disk[k].label, NAME_SIZE, "label");
		(void)snprintf(s->disk[k].device, sizeof(s->disk[k].device), "/dev/disk/by-id/x");
		s->disk[k].write.count = 7;
		s->disk[k].write.max_us = 1234;
	}
	size = ipcwire_encode_response(&r, message, sizeof(message));
	assert_int_not_equal(size, 0);
	assert_int_equal(ipcwire_decode_response(message, size, &shown), RC_OK);
}

static inline int show(int argc, char **argv)
{
	enum ctl_output form = argc > 1 && strcmp(argv[1], "xml") == 0 ? CTL_XML : CTL_JSON;

	if (argc > 1 && strcmp(argv[1], "prometheus") == 0)
		status_prometheus(&shown);
	else if (argc == 1 && shown.type == IPC_WHY)
		why_print(&shown);
	else if (argc == 1)
		status_print(&shown);
	else if (shown.type == IPC_WHY)
		why_emit(&shown, form);
	else
		status_emit(&shown, form);
	return 0;
}

static inline int validate(const char *form, const char *file)
{
	char words[2 * BLKDEV_PATH_SIZE];

	(void)snprintf(words, sizeof(words), "tests/schema-validate %s %s %s 2>/dev/null", form,
		       shown.type == IPC_WHY ? "why" : "status", file);
	return system(words);
}

static inline void is_valid(const char *form)
{
	char file[BLKDEV_PATH_SIZE];

	assert_int_equal(call(show, "show", form, NULL), 0);
	fixture_path("out", file);
	if (validate(form, file) != 0)
		fail_msg("not what the schema of %s says:\n%s", form, out);
}

/* Both forms for programs, then the text, which is left in `out`. */
static inline void show_all_forms(void)
{
	is_valid("xml");
	is_valid("json");
	assert_int_equal(call(show, "show", NULL), 0);
}

static inline void says(const char *phrase)
{
	if (strstr(out, phrase) == NULL)
		fail_msg("no '%s' in:\n%s", phrase, out);
}

static inline void says_not(const char *phrase)
{
	if (strstr(out, phrase) != NULL)
		fail_msg("'%s' in:\n%s", phrase, out);
}

/* Nodes of the lab in one ring, all of them granted. */
static inline void ring_of_all(struct lab *l, uint64_t seq)
{
	static const uint32_t all[ARBS_MAX] = { 1, 2, 3, 4 };

	for (uint32_t i = 0; i < l->count; i++) {
		if (!l->node[i].up)
			lab_start(l, i, 100 + i);
	}
	for (uint32_t i = 0; i < l->count; i++)
		lab_view(l, i, seq, all, l->count);
	lab_run(l, 4000);
	for (uint32_t i = 0; i < l->count; i++)
		assert_int_equal(l->node[i].last_poll, ANSWER_YES);
}

#endif
