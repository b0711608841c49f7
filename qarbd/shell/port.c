/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/port.h"

#include <string.h>

#include "base/check.h"
#include "shell/say.h"

/* A slot whose two copies never settle is being written faster than it can be read: after this many
 * rounds it counts as unreadable. */
enum { PORT_ROUNDS_MAX = 16 };

static void port_wake(const struct port *p)
{
	shm_wake(p->m, PROC_DISK0 + p->arbiter_index);
}

void port_init(struct port *p, struct shm *m, uint32_t arbiter_index, const struct policy *policy)
{
	memset(p, 0, sizeof(*p));
	p->m = m;
	p->shared = &m->port[arbiter_index];
	p->buffer = m->buffer[arbiter_index];
	p->arbiter_index = arbiter_index;
	p->patience_ms = policy->hold_ms / 2;
	p->late_ms = policy->late_ms;
	p->poll_ms = policy->poll_ms;
	/* A predecessor may have been killed between its request and the wake-up. */
	port_wake(p);
}

static bool port_outstanding(const struct shm_io *io)
{
	return atomic_load(&io->submitted) != atomic_load(&io->ended);
}

/* Only the next wake-up of the worker makes it sure to be seen. */
static void port_request(struct shm_io *io, uint64_t offset, uint32_t size)
{
	CHECK(!port_outstanding(io));
	io->offset = offset;
	io->size = size;
	atomic_fetch_add(&io->submitted, 1);
}

/* One read from the lowest to the highest of these slots. */
static void port_request_read(struct port *p, uint64_t mask)
{
	uint32_t low = (uint32_t)__builtin_ctzll(mask);
	uint32_t high = 63U - (uint32_t)__builtin_clzll(mask);

	port_request(&p->shared->read, p->disk.slots_offset + (uint64_t)low * SHM_PAIR_SIZE,
		     (high - low + 1) * SHM_PAIR_SIZE);
}

static bool port_poll_hangs(const struct port *p, uint64_t now_ms)
{
	uint64_t since = atomic_load(&p->m->poll_started_ms);

	return since != 0 && now_ms > since + p->poll_ms;
}

/* A beat reads what the one before read, as soon as its write is complete: the worker does both in
 * one go, which spares a wake-up on either side.  It never reads before the write has ended. */
static void port_read_ahead(struct port *p)
{
	p->ahead_mask = 0;
	if (p->read_mask == 0 || p->reading || p->write_repeated ||
	    port_outstanding(&p->shared->read))
		return;
	p->ahead_mask = p->read_mask;
	port_request_read(p, p->ahead_mask);
}

/* While a poll is outstanding for longer than P no block may be written: the others reckon with a
 * last poll at most H + P behind the last block they saw. */
static void port_try_write(struct port *p, uint64_t now_ms)
{
	p->write_held = port_poll_hangs(p, now_ms);
	if (p->write_held)
		return;
	slotwire_encode(&p->held, p->disk.facts.uuid, p->write_slot, p->write_copy, p->buffer);
	port_request(&p->shared->write,
		     p->disk.slots_offset + (uint64_t)p->write_slot * SHM_PAIR_SIZE +
			     (uint64_t)p->write_copy * SLOTWIRE_SIZE,
		     SHM_WRITE_SIZE);
	port_read_ahead(p);
	port_wake(p);
}

void port_write(struct port *p, uint64_t token, uint8_t slot_index, uint8_t copy,
		const struct slot *s, uint64_t now_ms)
{
	CHECK(!p->writing && p->told_open && copy < SLOTWIRE_COPIES);
	p->writing = true;
	p->write_unknown_told = p->write_repeated = false;
	p->write_token = token;
	p->write_since_ms = now_ms;
	p->write_slot = slot_index;
	p->write_copy = copy;
	p->held = *s;
	port_try_write(p, now_ms);
}

static void port_submit_read(struct port *p)
{
	port_request_read(p, p->read_left);
	port_wake(p);
}

/* Is the read that went along with the write the one that is asked for?  What was read long ago,
 * because this process stood still, is of no use. */
static bool port_was_read_ahead(const struct port *p, uint64_t mask, uint64_t now_ms)
{
	const struct shm_io *io = &p->shared->read;

	return p->ahead_mask == mask &&
	       (port_outstanding(io) || now_ms <= io->start_ms + p->poll_ms);
}

void port_read(struct port *p, uint64_t token, uint64_t mask, uint64_t now_ms)
{
	CHECK(!p->reading && p->told_open && mask != 0);
	p->reading = true;
	p->read_unknown_told = false;
	p->read_token = token;
	p->read_mask = p->read_left = mask;
	p->read_since_ms = now_ms;
	p->read_rounds = 0;
	p->read_stray = false;
	memset(p->seen, 0, sizeof(p->seen));
	if (!port_was_read_ahead(p, mask, now_ms)) {
		p->read_stray = port_outstanding(&p->shared->read);
		if (!p->read_stray)
			port_submit_read(p);
	}
	p->ahead_mask = 0;
}

static void port_event(const struct port *p, struct event *e, enum event_type type)
{
	e->type = type;
	e->arbiter_index = p->arbiter_index;
}

static void port_io_event(const struct port *p, struct event *e, enum event_type type,
			  uint64_t token, const struct shm_io *io)
{
	port_event(p, e, type);
	memset(&e->u.io, 0, sizeof(e->u.io));
	e->u.io.token = token;
	e->u.io.outcome = io->rc == RC_OK ? IO_DONE : IO_FAILED;
	e->u.io.start_ms = io->start_ms;
	e->u.io.end_ms = io->end_ms;
}

/* Judge the blocks of the read that just ended: a slot is settled when both copies verify, or when
 * the same pair of copies was seen twice, so that it is not one caught while it is being written.
 */
static void port_decode(struct port *p)
{
	uint32_t low = (uint32_t)__builtin_ctzll(p->read_left);
	const uint8_t *blocks = p->buffer + SHM_WRITE_SIZE;

	p->read_rounds++;
	for (uint32_t i = low; i < NODES_MAX; i++) {
		const uint8_t *copies = blocks + (size_t)(i - low) * SHM_PAIR_SIZE;
		uint64_t fingerprint = 0;
		enum rc rc;

		if ((p->read_left & slot_bit(i)) == 0)
			continue;
		rc = slotwire_read(copies, p->disk.facts.uuid, &p->disk.facts.map, i, &p->slots[i],
				   &fingerprint);
		if (rc == RC_OK || (p->seen[i] && p->fingerprint[i] == fingerprint)) {
			p->read_left &= ~slot_bit(i);
		} else if (p->read_rounds >= PORT_ROUNDS_MAX) {
			memset(&p->slots[i], 0, sizeof(p->slots[i]));
			p->slots[i].rc = RC_BADSUM;
			p->read_left &= ~slot_bit(i);
		}
		p->seen[i] = true;
		p->fingerprint[i] = fingerprint;
	}
}

/* returns: whether the whole read ended; e then tells it. */
static bool port_end_read(struct port *p, struct event *e)
{
	struct shm_io *io = &p->shared->read;

	if (io->rc == RC_GONE || p->read_stray) {
		p->read_stray = false;
		port_submit_read(p);
		return false;
	}
	if (p->read_rounds == 0)
		p->read_start_ms = io->start_ms;
	if (io->rc == RC_OK) {
		port_decode(p);
		if (p->read_left != 0) {
			port_submit_read(p);
			return false;
		}
	}
	port_io_event(p, e, EVENT_READ_DONE, p->read_token, io);
	e->u.io.start_ms = p->read_start_ms;
	e->u.io.mask = p->read_mask;
	e->u.io.slots = io->rc == RC_OK ? p->slots : NULL;
	p->reading = false;
	return true;
}

/* returns: whether the write ended; e then tells it. */
static bool port_end_write(struct port *p, uint64_t now_ms, struct event *e)
{
	const struct shm_io *io = &p->shared->write;

	if (io->rc != RC_OK)
		p->ahead_mask = 0;
	if (io->rc == RC_GONE) {
		/* The worker died, was reaped, and with it whatever the kernel had of this write:
		 * the block is there or not, and never lands later.  The very same block again does
		 * no harm; its hold counts from the first attempt, which others may have seen. */
		p->write_repeated = true;
		port_try_write(p, now_ms);
		return false;
	}
	p->writing = false;
	port_io_event(p, e, EVENT_WRITE_DONE, p->write_token, io);
	if (p->write_repeated)
		e->u.io.start_ms = p->write_since_ms;
	return true;
}

/* Has the worker opened, or given up, the device?  A fresh decider uses a disk only when nothing
 * that its predecessor wrote can land any more. */
static bool port_disk_news(struct port *p, uint64_t now_ms, struct event *e)
{
	uint64_t failed_ms = atomic_load(&p->shared->write_failed_ms);
	struct shm_disk disk;
	uint64_t count;

	p->late_until_ms = 0;
	if (p->told_open)
		return false;
	count = PAGE_GET(&p->shared->disk, &disk);
	if (count == 0)
		return false;
	if (!disk.open) {
		if (p->told_closed && p->told_rc == disk.rc)
			return false;
		p->told_closed = true;
		p->told_rc = disk.rc;
		port_event(p, e, EVENT_DISK_CLOSED);
		e->u.rc = disk.rc;
		return true;
	}
	if (port_outstanding(&p->shared->write) || port_outstanding(&p->shared->read))
		return false;
	if (failed_ms != 0 && now_ms < failed_ms + p->late_ms) {
		if (!p->told_late)
			say(SAY_NOTICE,
			    "device=%s: a write of before this start failed and may still land: "
			    "nothing is written for %llu ms (late_ms)",
			    disk.path, (unsigned long long)(failed_ms + p->late_ms - now_ms));
		p->told_late = true;
		p->late_until_ms = failed_ms + p->late_ms;
		return false;
	}
	p->disk = disk;
	p->told_open = true;
	port_event(p, e, EVENT_DISK_OPENED);
	e->u.facts = disk.facts;
	return true;
}

bool port_next(struct port *p, uint64_t now_ms, struct event *e)
{
	if (p->write_held)
		port_try_write(p, now_ms);
	if (p->writing && !p->write_held && !port_outstanding(&p->shared->write) &&
	    port_end_write(p, now_ms, e))
		return true;
	if (p->reading && !port_outstanding(&p->shared->read) && port_end_read(p, e))
		return true;
	if (p->writing && !p->write_unknown_told && now_ms >= p->write_since_ms + p->patience_ms) {
		p->write_unknown_told = true;
		port_event(p, e, EVENT_WRITE_DONE);
		e->u.io = (struct event_io){ .token = p->write_token,
					     .outcome = IO_UNKNOWN,
					     .start_ms = p->write_since_ms,
					     .end_ms = now_ms };
		return true;
	}
	if (p->reading && !p->read_unknown_told && now_ms >= p->read_since_ms + p->patience_ms) {
		p->read_unknown_told = true;
		port_event(p, e, EVENT_READ_DONE);
		e->u.io = (struct event_io){ .token = p->read_token,
					     .outcome = IO_UNKNOWN,
					     .start_ms = p->read_since_ms,
					     .end_ms = now_ms };
		return true;
	}
	return port_disk_news(p, now_ms, e);
}

uint64_t port_deadline_ms(const struct port *p)
{
	uint64_t due = UINT64_MAX;

	if (p->writing && !p->write_unknown_told)
		due = p->write_since_ms + p->patience_ms;
	if (p->reading && !p->read_unknown_told && p->read_since_ms + p->patience_ms < due)
		due = p->read_since_ms + p->patience_ms;
	/* Of a disk that is there: nothing is due of one that is not. */
	if (p->late_until_ms != 0)
		due = p->late_until_ms;
	return due;
}

void port_yes_came_late(struct port *p)
{
	if (p->write_held && !p->write_repeated && p->held.cast == CAST_NONE)
		p->held.cast = CAST_UNKNOWN;
}

bool port_poll_ended(const struct port *p)
{
	return p->write_held && atomic_load(&p->m->poll_started_ms) == 0;
}
