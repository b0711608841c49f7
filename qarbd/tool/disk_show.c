/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/disk_show.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool/disk.h"
#include "tool/disk_json.h"

static const char *state_text(enum slot_state state)
{
	switch (state) {
	case SLOT_NEVER:
		return "never started";
	case SLOT_STARTING:
		return "starting";
	case SLOT_RUNNING:
		return "running";
	case SLOT_LEAVING:
		return "leaving";
	}
	return "?";
}

static const char *cast_text(enum cast_kind cast)
{
	switch (cast) {
	case CAST_NONE:
		return "none";
	case CAST_GRANT:
		return "grant";
	case CAST_UNKNOWN:
		return "unknown";
	}
	return "?";
}

static void created_text(uint64_t created_s, char *text, size_t size)
{
	time_t t = (time_t)created_s;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(text, size, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
		(void)snprintf(text, size, "%" PRIu64 " s since 1970", created_s);
}

/* Names on a disk were checked, but a terminal takes more than letters as orders. */
static void put_name(const char *name)
{
	for (; *name; name++)
		(void)putchar((unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name);
}

static void put_ballot(const struct ballot *b)
{
	if (ballot_none(b))
		(void)fputs("none", stdout);
	else
		(void)printf("%" PRIu64 ".%u", b->counter, b->node_id);
}

static void put_number(const struct number *n)
{
	put_ballot(&n->ballot);
	if (!number_none(n))
		(void)printf("/%" PRIu64, n->k);
}

static void put_ring(const struct ring_id *r, const struct members *m)
{
	if (ring_none(r)) {
		(void)fputs("none", stdout);
		return;
	}
	(void)printf("%u.%" PRIx64 " of", r->node_id, r->seq);
	for (uint32_t i = 0; i < m->count; i++)
		(void)printf("%s%u", i == 0 ? " " : ",", m->node_id[i]);
}

/* A set of slots as the nodes that the map gives them to. */
static void put_set(uint64_t set, const struct slot_map *map)
{
	const char *between = "";

	if (set == 0)
		(void)fputs("none", stdout);
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) == 0)
			continue;
		if (i < map->count && map->node_id[i] != 0)
			(void)printf("%s%u", between, map->node_id[i]);
		else
			(void)printf("%sslot %u", between, i);
		between = ",";
	}
}

static void put_map(const struct slot_map *map)
{
	const char *between = "";

	for (uint32_t i = 0; i < map->count; i++) {
		if (map->node_id[i] == 0)
			continue;
		(void)printf("%s%u:%u", between, i, map->node_id[i]);
		between = " ";
	}
	if (between[0] == 0)
		(void)fputs("none", stdout);
}

static void put_slot(const struct slot *s)
{
	const struct value *v = &s->value;

	(void)printf("  incarnation %016" PRIx64 ", host life %016" PRIx64 ", %" PRIu64
		     " beats, slowest %u ms, configuration %016" PRIx64 "\n",
		     s->incarnation, s->host_life, s->beats, s->beat_ms_max, s->config_hash);
	(void)printf("  hold %u, poll %u, d %u, interval %u ms\n", s->timings.hold_ms,
		     s->timings.poll_ms, s->timings.d_ms, s->timings.interval_ms);
	(void)fputs("  view: ", stdout);
	put_ring(&s->view.ring, &s->view.members);
	(void)printf(" (written by %016" PRIx64 ")\n", s->view.incarnation);
	(void)printf("  device %sregistered, %sfit (score %u of %u), weight %u, watchdog ",
		     s->registered ? "" : "not ", s->fit ? "" : "not ", s->score, s->score_max,
		     s->weight);
	if (s->watchdog_armed)
		(void)printf("%u ms\n", s->watchdog_ms);
	else
		(void)puts("off");
	(void)fputs("  mbal ", stdout);
	put_ballot(&s->mbal);
	(void)fputs(", leading ", stdout);
	put_ballot(&s->leading);
	(void)fputs(", bal ", stdout);
	put_number(&s->bal);
	(void)fputs(", seen ", stdout);
	put_number(&s->seen);
	(void)fputs("\n  grant ", stdout);
	put_number(&v->grant.number);
	(void)fputs(": ring ", stdout);
	put_ring(&v->grant.ring, &v->grant.members);
	(void)fputs(", to ", stdout);
	put_set(v->grant.set, &v->map);
	(void)fputs("; pending ", stdout);
	put_set(v->pending, &v->map);
	(void)fputs("; map ", stdout);
	put_map(&v->map);
	(void)printf("\n  casts: %s", cast_text(s->cast));
	if (s->cast == CAST_GRANT) {
		(void)putchar(' ');
		put_number(&s->cast_number);
	}
	for (uint32_t i = 0; i < ARBITERS_MAX; i++) {
		if (number_none(&s->other[i]))
			continue;
		(void)printf("; arbiter %u grants ", i);
		put_number(&s->other[i]);
	}
	(void)putchar('\n');
	for (uint32_t i = 0; i < s->poison_count; i++)
		(void)printf("  poisons node %u, incarnation %016" PRIx64 "\n",
			     s->poison[i].node_id, s->poison[i].incarnation);
}

void disk_show_text(const struct disk_header *h, const struct disk_slots *slots)
{
	const struct timings *t = &h->facts.timings;
	char uuid[DISK_UUID_TEXT_SIZE];
	char created[64];

	disk_uuid_text(h->facts.uuid, uuid);
	created_text(h->created_s, created, sizeof(created));
	(void)printf("label %s, cluster ", h->label);
	put_name(h->cluster_name[0] ? h->cluster_name : "-");
	(void)printf(", uuid %s%s\n", uuid, h->lab ? ", LABORATORY" : "");
	(void)printf("format %u (readable from %u), made %s\n", h->version, h->version_oldest,
		     created);
	(void)printf("%u slots of 2 x %u bytes from byte %" PRIu64
		     "; at init: hold %u, poll %u, d %u, interval %u ms; map ",
		     h->facts.slot_count, h->block_size, h->slot_offset, t->hold_ms, t->poll_ms,
		     t->d_ms, t->interval_ms);
	put_map(&h->facts.map);
	(void)printf("\nheader copies: %s, %s\n", rc_text(slots->header_rc[0]),
		     rc_text(slots->header_rc[1]));
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const struct disk_slot *one = &slots->slot[i];

		if (!one->there)
			continue;
		if (one->read.rc != RC_OK) {
			(void)printf("\nslot %u: no copy verifies (%s; %s)\n", i,
				     rc_text(one->copy_rc[0]), rc_text(one->copy_rc[1]));
			continue;
		}
		(void)printf("\nslot %u, node %u: %s, sequence %" PRIu64
			     " in copy %u (copies: %s, %s)\n",
			     i, one->read.slot.node_id, state_text(one->read.slot.state),
			     one->read.slot.sequence, one->read.copy, rc_text(one->copy_rc[0]),
			     rc_text(one->copy_rc[1]));
		put_slot(&one->read.slot);
	}
}

static void json_ballot(struct disk_json *j, const char *key, const struct ballot *b)
{
	disk_json_open(j, key, '{');
	disk_json_number(j, "counter", b->counter);
	disk_json_number(j, "node", b->node_id);
	disk_json_close(j, '}');
}

static void json_number(struct disk_json *j, const char *key, const struct number *n)
{
	disk_json_open(j, key, '{');
	disk_json_number(j, "counter", n->ballot.counter);
	disk_json_number(j, "node", n->ballot.node_id);
	disk_json_number(j, "k", n->k);
	disk_json_close(j, '}');
}

static void json_ring(struct disk_json *j, const struct ring_id *r, const struct members *m)
{
	disk_json_open(j, "ring", '{');
	disk_json_number(j, "node", r->node_id);
	disk_json_number(j, "seq", r->seq);
	disk_json_close(j, '}');
	disk_json_open(j, "members", '[');
	for (uint32_t i = 0; i < m->count; i++)
		disk_json_number(j, NULL, m->node_id[i]);
	disk_json_close(j, ']');
}

static void json_set(struct disk_json *j, const char *key, uint64_t set)
{
	disk_json_open(j, key, '[');
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) != 0)
			disk_json_number(j, NULL, i);
	}
	disk_json_close(j, ']');
}

static void json_map(struct disk_json *j, const struct slot_map *map)
{
	disk_json_open(j, "map", '[');
	for (uint32_t i = 0; i < map->count; i++)
		disk_json_number(j, NULL, map->node_id[i]);
	disk_json_close(j, ']');
}

static void json_timings(struct disk_json *j, const struct timings *t)
{
	disk_json_open(j, "timings_ms", '{');
	disk_json_number(j, "hold", t->hold_ms);
	disk_json_number(j, "poll", t->poll_ms);
	disk_json_number(j, "d", t->d_ms);
	disk_json_number(j, "interval", t->interval_ms);
	disk_json_close(j, '}');
}

static void json_value(struct disk_json *j, const struct value *v)
{
	disk_json_open(j, "value", '{');
	disk_json_open(j, "grant", '{');
	json_number(j, "number", &v->grant.number);
	json_ring(j, &v->grant.ring, &v->grant.members);
	json_set(j, "slots", v->grant.set);
	disk_json_open(j, "host_lives", '[');
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((value_named(v) & slot_bit(i)) != 0)
			disk_json_id(j, NULL, v->grant.host_life[i]);
	}
	disk_json_close(j, ']');
	disk_json_close(j, '}');
	json_set(j, "pending_slots", v->pending);
	json_map(j, &v->map);
	disk_json_close(j, '}');
}

static void json_slot(struct disk_json *j, const struct slot *s)
{
	disk_json_number(j, "node", s->node_id);
	disk_json_text(j, "state", state_text(s->state));
	disk_json_id(j, "incarnation", s->incarnation);
	disk_json_id(j, "host_life", s->host_life);
	disk_json_number(j, "sequence", s->sequence);
	disk_json_number(j, "beats", s->beats);
	disk_json_number(j, "beat_ms_max", s->beat_ms_max);
	json_timings(j, &s->timings);
	disk_json_id(j, "configuration", s->config_hash);
	disk_json_open(j, "view", '{');
	json_ring(j, &s->view.ring, &s->view.members);
	disk_json_id(j, "incarnation", s->view.incarnation);
	disk_json_close(j, '}');
	disk_json_bool(j, "registered", s->registered);
	disk_json_bool(j, "fit", s->fit);
	disk_json_number(j, "score", s->score);
	disk_json_number(j, "score_max", s->score_max);
	disk_json_number(j, "weight", s->weight);
	disk_json_bool(j, "watchdog_armed", s->watchdog_armed);
	disk_json_number(j, "watchdog_ms", s->watchdog_ms);
	json_ballot(j, "mbal", &s->mbal);
	json_ballot(j, "leading", &s->leading);
	json_number(j, "bal", &s->bal);
	json_number(j, "seen", &s->seen);
	json_value(j, &s->value);
	disk_json_text(j, "cast", cast_text(s->cast));
	json_number(j, "cast_number", &s->cast_number);
	disk_json_open(j, "other", '[');
	for (uint32_t i = 0; i < ARBITERS_MAX; i++)
		json_number(j, NULL, &s->other[i]);
	disk_json_close(j, ']');
	disk_json_open(j, "poison", '[');
	for (uint32_t i = 0; i < s->poison_count; i++) {
		disk_json_open(j, NULL, '{');
		disk_json_number(j, "node", s->poison[i].node_id);
		disk_json_id(j, "incarnation", s->poison[i].incarnation);
		disk_json_close(j, '}');
	}
	disk_json_close(j, ']');
}

static void json_copies(struct disk_json *j, const enum rc rc[2])
{
	disk_json_open(j, "copies", '[');
	disk_json_text(j, NULL, rc_text(rc[0]));
	disk_json_text(j, NULL, rc_text(rc[1]));
	disk_json_close(j, ']');
}

void disk_show_json(const struct disk_header *h, const struct disk_slots *slots)
{
	struct disk_json j;
	char uuid[DISK_UUID_TEXT_SIZE];

	disk_uuid_text(h->facts.uuid, uuid);
	disk_json_begin(&j, stdout);
	disk_json_open(&j, NULL, '{');
	disk_json_open(&j, "header", '{');
	disk_json_text(&j, "label", h->label);
	disk_json_text(&j, "cluster", h->cluster_name);
	disk_json_text(&j, "uuid", uuid);
	disk_json_number(&j, "version", h->version);
	disk_json_number(&j, "version_oldest", h->version_oldest);
	disk_json_bool(&j, "lab", h->lab);
	disk_json_number(&j, "created", h->created_s);
	disk_json_number(&j, "slot_count", h->facts.slot_count);
	disk_json_number(&j, "slot_offset", h->slot_offset);
	disk_json_number(&j, "block_size", h->block_size);
	json_timings(&j, &h->facts.timings);
	json_map(&j, &h->facts.map);
	json_copies(&j, slots->header_rc);
	disk_json_close(&j, '}');
	disk_json_open(&j, "slots", '[');
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const struct disk_slot *one = &slots->slot[i];

		if (!one->there)
			continue;
		disk_json_open(&j, NULL, '{');
		disk_json_number(&j, "slot", i);
		json_copies(&j, one->copy_rc);
		disk_json_bool(&j, "verified", one->read.rc == RC_OK);
		if (one->read.rc == RC_OK) {
			disk_json_number(&j, "copy", one->read.copy);
			json_slot(&j, &one->read.slot);
		}
		disk_json_close(&j, '}');
	}
	disk_json_close(&j, ']');
	disk_json_close(&j, '}');
	disk_json_end(&j);
}
