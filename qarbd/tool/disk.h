/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: `qarbctl disk`: prepares a quorum disk and shows what is on it.
 */
#ifndef QARB_TOOL_DISK_H
#define QARB_TOOL_DISK_H

#include <stdio.h>

#include "wire/headwire.h"

/* Exit codes of every program of the project. */
enum {
	DISK_EXIT_DONE = 0,
	DISK_EXIT_FAILED = 1,
	DISK_EXIT_USAGE = 2,
	DISK_EXIT_UNSAFE = 4,
	DISK_EXIT_NOT_PERMITTED = 5,
};

/* in: the words after "qarbctl", argv[0] being "disk".  returns: the exit code. */
int disk_main(int argc, char **argv);
int disk_init_main(int argc, char **argv);
int disk_list_main(int argc, char **argv);
int disk_dump_main(int argc, char **argv);
int disk_latency_main(int argc, char **argv); /* probe */
int disk_repair_main(int argc, char **argv);

/* The help of all, in the manual page's words. */
void disk_usage(FILE *f);

/* One line to stderr that names the command and the device.  returns: exit_code. */
int disk_refuse(int exit_code, const char *command, const char *device, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* in: rc, of the last call, whose errno tells more than RC_IO does. */
const char *disk_rc_text(enum rc rc);

/* Say why a device could not be opened or read.  returns: the exit code. */
int disk_refuse_rc(enum rc rc, const char *command, const char *device);

/* getopt takes --f for --force.  in: a, b, the options that lift a safeguard.
 * returns: whether none of them is shortened; says so where one is. */
bool disk_written_out(const char *command, int argc, char **argv, const char *a, const char *b);

enum disk_output { DISK_OUTPUT_TEXT, DISK_OUTPUT_JSON };
/* in: the argument of --output-as.  returns: false if there is no such output. */
bool disk_output_parse(const char *word, enum disk_output *output);

enum { DISK_UUID_TEXT_SIZE = 37 };
void disk_uuid_text(const uint8_t uuid[UUID_SIZE], char text[DISK_UUID_TEXT_SIZE]);

/* What --config says where the command line does not. */
struct disk_defaults {
	char cluster_name[NAME_SIZE]; /* empty: not there */
	struct members nodes;	      /* count 0: not there */
	struct timings timings;
	bool timings_given; /* timeout and sync_timeout are in the file, not votequorum's own */
};

/* in: path of corosync.conf; required: a missing file is a fault, else it gives corosync's and our
 * defaults.  out: d; error, one line.  returns: RC_OK | as confile_read() | RC_BADVALUE. */
RC_MUST_CHECK enum rc disk_defaults_read(const char *path, bool required, struct disk_defaults *d,
					 char *error, size_t error_size);

struct disk_ring {
	bool runs;		      /* corosync, here; else nothing below is known */
	char cluster_name[NAME_SIZE]; /* its own; empty: it has none */
	bool joined;		      /* the node that was asked about is in its ring */
};

/* Ask the corosync of this node whether a node is in its ring.
 * out: ring.  returns: RC_OK | RC_GONE: it does not say whether the node is. */
RC_MUST_CHECK enum rc disk_ring_ask(uint32_t node_id, struct disk_ring *ring);

/* What libblkid does not know.  in: disk, HEADWIRE_DISK_SIZE bytes.
 * returns: whether there are blocks of a quorum disk, whatever they are worth; whether it is an sbd
 * device. */
bool disk_content_remains(const uint8_t *disk);
bool disk_content_sbd(const uint8_t *disk);
/* Both headers verify, and are of two disks. */
bool disk_content_two(const uint8_t *disk);
/* in: rc of headwire_choose(), neither RC_OK nor RC_PARTIAL.  returns: why it is no quorum disk. */
const char *disk_content_why(const uint8_t *disk, enum rc rc);

/* Look for what others keep on a device (libblkid).
 * out: what: "an ext4 filesystem", "a gpt partition table", empty if nothing.
 * returns: RC_OK: nothing | RC_BUSY: something | RC_IO. */
RC_MUST_CHECK enum rc disk_probe_look(const char *device, char *what, size_t size);
/* Remove every signature that disk_probe_look() finds.  returns: RC_OK | RC_IO. */
RC_MUST_CHECK enum rc disk_probe_wipe(const char *device);

#endif
