/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command of qarbctl called as a user calls it, with what it prints; a folder with a disk and a
 * configuration.
 */
#ifndef QARB_TESTS_FIXTURE_TOOL_H
#define QARB_TESTS_FIXTURE_TOOL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_device.h"

enum { WORDS_MAX = 12, OUTPUT_SIZE = 65536 };

static char conf[BLKDEV_PATH_SIZE];
static char out[OUTPUT_SIZE];
static char err[OUTPUT_SIZE];

/* Short times, so that X is short. */
static const char conf_text[] =
	"totem {\n cluster_name: demo\n}\n"
	"quorum {\n device {\n  timeout: 125\n  sync_timeout: 250\n"
	"  qarb {\n   dead_ms: 250\n  }\n }\n}\n"
	"nodelist {\n node {\n  nodeid: 1\n }\n node {\n  nodeid: 2\n }\n}\n";

static inline void write_conf(const char *text)
{
	assert_true(fixture_file("conf", 0, conf));
	assert_true(fixture_put(conf, text, strlen(text), 0));
}

static inline int make_folder(void **state)
{
	(void)state;
	if (!fixture_folder_make())
		return -1;
	write_conf(conf_text);
	return 0;
}

static inline int remove_folder(void **state)
{
	static const char *const names[] = { "disk", "conf", "out", "err" };

	(void)state;
	fixture_folder_remove(names, 4);
	return 0;
}

static inline int begin_capture(int fd, const char *name)
{
	char file[BLKDEV_PATH_SIZE];
	int saved = dup(fd);
	int to;

	assert_true(fixture_file(name, 0, file));
	to = open(file, O_WRONLY | O_CLOEXEC);
	assert_true(saved >= 0 && to >= 0 && dup2(to, fd) == fd);
	(void)close(to);
	return saved;
}

static inline void end_capture(int fd, int saved, const char *name, char *text)
{
	char file[BLKDEV_PATH_SIZE];
	FILE *f;

	assert_true(dup2(saved, fd) == fd);
	(void)close(saved);
	fixture_path(name, file);
	f = fopen(file, "re");
	assert_non_null(f);
	text[fread(text, 1, OUTPUT_SIZE - 1, f)] = 0;
	(void)fclose(f);
}

/* Run the main function of a command with these words, the first its name, ended by NULL.
 * returns: the exit code; out and err are what it printed. */
static inline int call(int (*run)(int argc, char **argv), ...)
{
	char copy[WORDS_MAX][BLKDEV_PATH_SIZE];
	char *argv[WORDS_MAX + 1];
	const char *word;
	va_list words;
	int argc = 0;
	int saved[2];
	int exit_code;

	va_start(words, run);
	while (argc < WORDS_MAX && (word = va_arg(words, const char *)) != NULL) {
		(void)snprintf(copy[argc], BLKDEV_PATH_SIZE, "%s", word);
		argv[argc] = copy[argc];
		argc++;
	}
	va_end(words);
	argv[argc] = NULL;
	(void)fflush(stdout);
	(void)fflush(stderr);
	saved[0] = begin_capture(1, "out");
	saved[1] = begin_capture(2, "err");
	exit_code = run(argc, argv);
	(void)fflush(stdout);
	(void)fflush(stderr);
	end_capture(1, saved[0], "out", out);
	end_capture(2, saved[1], "err", err);
	return exit_code;
}

/* One line on stderr that holds `phrase`, nothing on stdout. */
static inline void refused(int got, int want, const char *phrase)
{
	if (got != want || out[0] != 0 || !strstr(err, phrase) || !strchr(err, '\n') ||
	    strchr(err, '\n')[1] != 0)
		fail_msg("exit code %d (not %d), or not one line with '%s':\n%s%s", got, want,
			 phrase, err, out);
}

#endif
