/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "base/mutant.h"
#include "shell/clock.h"

static struct shm *say_shm;
static _Thread_local uint32_t say_source = PROC_SOURCES;
static uint32_t say_source_process;

void say_init(struct shm *m, uint32_t source)
{
	say_shm = m;
	say_source_process = source;
}

void say_init_thread(uint32_t source)
{
	say_source = source;
}

void say(enum say_level level, const char *format, ...)
{
	struct say_record r = { .level = (uint32_t)level };
	uint32_t source = say_source < PROC_SOURCES ? say_source : say_source_process;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(r.text, sizeof(r.text), format, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (say_shm == NULL) {
		(void)fprintf(stderr, "qarbd: %s\n", r.text);
		return;
	}
	if (level == SAY_DEBUG && !say_shm->debug)
		return;
	r.now_ms = clock_now_ms();
	if ((size_t)n >= sizeof(r.text))
		n = (int)sizeof(r.text) - 1;
	ring_put(&say_shm->says[source].ring, &r,
		 (uint32_t)(offsetof(struct say_record, text) + (size_t)n + 1));
	shm_wake(say_shm, PROC_SERVICE);
	if (MUTANT(say_blocks) && source != PROC_SERVICE) {
		static const struct timespec pause = { .tv_nsec = 1000000 };

		while (ring_waiting(&say_shm->says[source].ring) != 0)
			(void)nanosleep(&pause, NULL);
	}
}
