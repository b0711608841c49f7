/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/disk.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void disk_usage(FILE *f)
{
	(void)fputs(
		"Usage: qarbctl disk init --label NAME [OPTION]... DEVICE\n"
		"       qarbctl disk list [--output-as=text|json] [DEVICE]...\n"
		"       qarbctl disk dump [--output-as=text|json] DEVICE\n"
		"       qarbctl disk probe [OPTION]... DEVICE\n"
		"       qarbctl disk repair [OPTION]... DEVICE\n"
		"\n"
		"init makes DEVICE a quorum disk:\n"
		"  --label NAME       name of the disk: letters, digits, . _ -\n"
		"  --cluster NAME     cluster it belongs to (default: that of corosync.conf)\n"
		"  --nodes ID,...     node ids, one slot each (default: those of corosync.conf)\n"
		"  --config FILE      read this instead of /etc/corosync/corosync.conf\n"
		"  --force            overwrite what DEVICE holds\n"
		"  --while-running    overwrite a disk whose slots change, even while a cluster "
		"uses it\n"
		"  --lab              DEVICE is a regular file: for laboratories only\n"
		"list shows every quorum disk among the block devices, or the DEVICEs named.\n"
		"dump shows the header and the slots of one disk.\n"
		"probe measures DEVICE and says which dead_ms it bears:\n"
		"  --seconds N        how long (default 60)\n"
		"  --write            also write: behind the slots of a quorum disk, what is "
		"there\n"
		"  --scratch OFFSET   --write there instead, a block that nothing uses\n"
		"  --output-as=FORM   text (default) or json\n"
		"repair shows what on a quorum disk does not verify, and with an option mends it:\n"
		"  --header           write the bad copy of the header anew from the good one\n"
		"  --clear-slot ID    the slot of node ID: shown, and with --confirm cleared\n"
		"  --confirm          clear it, when it was silent for X\n"
		"  --all-nodes-stopped  corosync, which would tell who is there, does not run "
		"here\n"
		"\n"
		"Exit codes: 0 done, 1 failed, 2 usage, 4 refused because unsafe, 5 not "
		"permitted.\n",
		f);
}

int disk_refuse(int exit_code, const char *command, const char *device, const char *format, ...)
{
	va_list arguments;

	(void)fprintf(stderr, "qarbctl disk %s: %s%s", command, device ? device : "",
		      device ? ": " : "");
	va_start(arguments, format);
	(void)vfprintf(stderr, format, arguments);
	va_end(arguments);
	(void)fputc('\n', stderr);
	return exit_code;
}

const char *disk_rc_text(enum rc rc)
{
	return rc == RC_IO && errno != 0 ? strerror(errno) : rc_text(rc);
}

int disk_refuse_rc(enum rc rc, const char *command, const char *device)
{
	const char *text = disk_rc_text(rc);
	struct stat st;

	switch (rc) {
	case RC_NOTFOUND:
		return disk_refuse(DISK_EXIT_FAILED, command, device, "no such device");
	case RC_REFUSED:
		if (geteuid() == 0)
			return disk_refuse(DISK_EXIT_FAILED, command, device,
					   "read-only, or not permitted");
		return disk_refuse(DISK_EXIT_NOT_PERMITTED, command, device,
				   "not permitted: this needs root");
	case RC_BUSY:
		return disk_refuse(DISK_EXIT_UNSAFE, command, device,
				   "in use: mounted, swap, part of another device, or another "
				   "qarbctl makes a quorum disk of it");
	case RC_BADVALUE:
		if (device && stat(device, &st) == 0 && !S_ISBLK(st.st_mode) &&
		    !S_ISREG(st.st_mode))
			return disk_refuse(DISK_EXIT_FAILED, command, device, "not a block device");
		return disk_refuse(DISK_EXIT_FAILED, command, device,
				   "takes no direct input and output (O_DIRECT)");
	case RC_TOOSMALL:
		return disk_refuse(DISK_EXIT_FAILED, command, device,
				   "too small: a quorum disk needs %d bytes", HEADWIRE_DISK_SIZE);
	case RC_OK:
	case RC_BADMAGIC:
	case RC_BADVERSION:
	case RC_BADSUM:
	case RC_BADUUID:
	case RC_MISDIRECTED:
	case RC_PARTIAL:
	case RC_IO:
	case RC_TIMEOUT:
	case RC_GONE:
	case RC_SYNTAX:
	case RC_AGAIN:
	case RC_UNSAFE:
	case RC_COUNT:
		break;
	}
	return disk_refuse(DISK_EXIT_FAILED, command, device, "%s", text);
}

bool disk_output_parse(const char *word, enum disk_output *output)
{
	if (strcmp(word, "text") == 0)
		*output = DISK_OUTPUT_TEXT;
	else if (strcmp(word, "json") == 0)
		*output = DISK_OUTPUT_JSON;
	else
		return false;
	return true;
}

bool disk_written_out(const char *command, int argc, char **argv, const char *a, const char *b)
{
	const char *const names[] = { a, b };

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t length = strlen(argv[i]);

		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			if (length < 3 || length >= strlen(names[k]) ||
			    strncmp(argv[i], names[k], length) != 0)
				continue;
			(void)disk_refuse(DISK_EXIT_USAGE, command, NULL,
					  "%s: %s must be written out", argv[i], names[k]);
			return false;
		}
	}
	return true;
}

void disk_uuid_text(const uint8_t uuid[UUID_SIZE], char text[DISK_UUID_TEXT_SIZE])
{
	size_t at = 0;

	for (uint32_t i = 0; i < UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		(void)snprintf(text + at, DISK_UUID_TEXT_SIZE - at, "%02x", uuid[i]);
		at += 2;
	}
}

int disk_main(int argc, char **argv)
{
	if (argc < 2) {
		disk_usage(stderr);
		return DISK_EXIT_USAGE;
	}
	if (strcmp(argv[1], "init") == 0)
		return disk_init_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "list") == 0)
		return disk_list_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "dump") == 0)
		return disk_dump_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "probe") == 0)
		return disk_latency_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "repair") == 0)
		return disk_repair_main(argc - 1, argv + 1);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		disk_usage(stdout);
		return DISK_EXIT_DONE;
	}
	(void)fprintf(stderr,
		      "qarbctl disk: unknown command '%s'; known are init, list, dump, probe, "
		      "repair\n",
		      argv[1]);
	return DISK_EXIT_USAGE;
}
