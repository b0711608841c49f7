/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: where CIB and configuration come from. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <crm/common/results.h>
#include <libxml/parser.h>

#include "crm-snippets/crm.h"
#include "shell/confile.h"

extern char **environ;

/* Our environment with one more variable; the array alone is new. */
static char **environment_with(const char *more)
{
	size_t n = 0;
	char **copy;

	while (environ[n] != NULL)
		n++;
	copy = facts_grow(NULL, n + 2, sizeof(*copy));
	memcpy(copy, environ, n * sizeof(*copy));
	copy[n] = NULL;
	copy[n + 1] = NULL;
	if (more == NULL)
		return copy;
	for (size_t i = 0; i < n; i++) {
		/* The last one given counts: drop an older one of the same name. */
		if (strncmp(copy[i], more, (size_t)(strchr(more, '=') - more) + 1) == 0) {
			copy[i] = copy[n - 1];
			copy[--n] = NULL;
			break;
		}
	}
	copy[n] = strdup(more);
	if (copy[n] == NULL)
		abort();
	return copy;
}

static char *read_all(int fd)
{
	size_t used = 0, room = 65536;
	char *text = facts_grow(NULL, room, 1);

	for (;;) {
		ssize_t n;

		if (used + 1 >= room) {
			room *= 2;
			text = facts_grow(text, room, 1);
		}
		n = read(fd, text + used, room - used - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	text[used] = 0;
	return text;
}

int source_run(const char *const argv[], const char *environment, bool errors, char **output)
{
	posix_spawn_file_actions_t actions;
	char **with = environment_with(environment);
	char **arguments;
	int channel[2] = { -1, -1 };
	int status = -1;
	size_t n = 0;
	pid_t pid;
	int rc;

	while (argv[n] != NULL)
		n++;
	arguments = facts_grow(NULL, n + 1, sizeof(*arguments));
	memcpy(arguments, argv, (n + 1) * sizeof(*arguments));
	if (posix_spawn_file_actions_init(&actions) != 0)
		abort();
	if (output != NULL) {
		*output = NULL;
		if (pipe2(channel, O_CLOEXEC) != 0) {
			crm_say("pipe: %s", strerror(errno));
			goto out;
		}
		(void)posix_spawn_file_actions_adddup2(&actions, channel[1], STDOUT_FILENO);
		if (errors)
			(void)posix_spawn_file_actions_adddup2(&actions, channel[1], STDERR_FILENO);
		else /* the exit code tells, and we say it in one line */
			(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
							       O_WRONLY, 0);
	}
	rc = posix_spawnp(&pid, argv[0], &actions, NULL, arguments, with);
	if (rc != 0) {
		crm_say("%s: %s", argv[0], strerror(rc));
		goto out;
	}
	if (output != NULL) {
		(void)close(channel[1]);
		channel[1] = -1;
		*output = read_all(channel[0]);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
out:
	(void)posix_spawn_file_actions_destroy(&actions);
	if (channel[0] >= 0)
		(void)close(channel[0]);
	if (channel[1] >= 0)
		(void)close(channel[1]);
	if (environment != NULL) {
		for (n = 0; with[n + 1] != NULL; n++)
			;
		free(with[n]);
	}
	free(with);
	free(arguments);
	return status;
}

static int read_live(xmlDoc **doc)
{
	static const char *const command[] = { "cibadmin", "--query", NULL };
	char *text = NULL;
	int rc = source_run(command, NULL, false, &text);
	int result = CRM_DONE;

	if (rc == CRM_EX_DISCONNECT || rc == CRM_EX_UNAVAILABLE) {
		crm_say("the cluster is not running on this node; --cib FILE reads a CIB from a "
			"file");
		result = CRM_NOT_RUNNING;
	} else if (rc == CRM_EX_INSUFFICIENT_PRIV) {
		crm_say("not permitted to read the CIB: be root or in the group haclient");
		result = CRM_NOT_PERMITTED;
	} else if (rc != 0) {
		crm_say("cibadmin --query failed with code %d", rc);
		result = CRM_FAILED;
	} else {
		*doc = xmlReadMemory(text, (int)strlen(text), "cib.xml", NULL,
				     XML_PARSE_NOBLANKS | XML_PARSE_NONET);
	}
	free(text);
	return result;
}

int source_read_cib(const char *path, xmlNode **cib)
{
	xmlDoc *doc = NULL;
	xmlNode *root;

	if (path == NULL) {
		int rc = read_live(&doc);

		if (rc != CRM_DONE)
			return rc;
	} else {
		FILE *file = fopen(path, "re");

		if (file == NULL) {
			crm_say("%s: %s", path, strerror(errno));
			return errno == EACCES ? CRM_NOT_PERMITTED : CRM_FAILED;
		}
		doc = xmlReadFd(fileno(file), path, NULL,
				XML_PARSE_NOBLANKS | XML_PARSE_NONET | XML_PARSE_NOERROR |
					XML_PARSE_NOWARNING);
		(void)fclose(file);
	}
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (root == NULL || strcmp((const char *)root->name, "cib") != 0) {
		crm_say("%s: not a CIB in XML", path ? path : "the live CIB");
		if (doc != NULL)
			xmlFreeDoc(doc);
		return CRM_FAILED;
	}
	*cib = root;
	return CRM_DONE;
}

int source_read_config(const char *path, struct config_items **items)
{
	static struct config_items read_items;
	char error[CONFIG_LINE_SIZE];
	enum rc rc = confile_read(path ? path : "/etc/corosync/corosync.conf", &read_items, error,
				  sizeof(error));

	*items = NULL;
	if (rc == RC_NOTFOUND && path == NULL)
		return CRM_DONE;
	if (rc != RC_OK) {
		crm_say("%s", error);
		return rc == RC_REFUSED ? CRM_NOT_PERMITTED : CRM_FAILED;
	}
	*items = &read_items;
	return CRM_DONE;
}
