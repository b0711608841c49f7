/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: qarb-crm. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <crm/common/logging.h>
#include <crm/common/xml.h>

#include "crm-snippets/crm.h"

static const char main_help[] =
	"Usage: qarb-crm COMMAND [OPTION]...\n"
	"Keep Pacemaker's constraints in line with the quorum arbiter.\n"
	"\n"
	"  check     look for contradictions between a CIB and the arbitration\n"
	"  generate  the constraints of one resource, from corosync.conf's tie_breaker\n"
	"  failback  check a target, then move one resource there and wait\n"
	"\n"
	"  -V, --version  print the version and exit\n"
	"  -h, --help     print this and exit; 'qarb-crm COMMAND --help' tells more\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage, 3 cluster not running, 4 refused because unsafe,\n"
	"5 not permitted; check: 6 warnings, 7 errors.\n";

void crm_say(const char *format, ...)
{
	va_list ap;

	(void)fputs("qarb-crm: ", stderr);
	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
}

int main(int argc, char **argv)
{
	int code = CRM_USAGE;

	if (argc < 2) {
		(void)fputs(main_help, stderr);
		return CRM_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		(void)fputs(main_help, stdout);
		return CRM_DONE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		(void)printf("qarb-crm %s\n", QARB_VERSION);
		return CRM_DONE;
	}
	crm_log_cli_init("qarb-crm");
	crm_xml_init();
	if (strcmp(argv[1], "check") == 0) {
		code = check_main(argc - 1, argv + 1);
	} else if (strcmp(argv[1], "generate") == 0) {
		code = generate_main(argc - 1, argv + 1);
	} else if (strcmp(argv[1], "failback") == 0) {
		code = failback_main(argc - 1, argv + 1);
	} else {
		crm_say("unknown command '%s'", argv[1]);
		(void)fputs("Try 'qarb-crm --help'.\n", stderr);
	}
	errno = 0; /* of an earlier failure nothing tells why */
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		crm_say("standard output: %s",
			errno != 0 ? strerror(errno) : "not all could be written");
		code = code == CRM_DONE ? CRM_FAILED : code;
	}
	crm_xml_cleanup();
	return code;
}
