/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/apply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <crm/common/results.h>
#include <crm/common/xml.h>

#include "crm-snippets/crm.h"

enum { APPLY_PATH_SIZE = 256 };

static const char apply_shadow[] = "CIB_shadow=qarb";

struct apply {
	char folder[APPLY_PATH_SIZE]; /* of the shadow CIB */
	char patch[APPLY_PATH_SIZE];
};

char *apply_patch(xmlNode *old, xmlNode *next)
{
	xmlNode *patch;
	char *text;

	xml_calculate_changes(old, next);
	patch = xml_create_patchset(2, old, next, NULL, TRUE);
	if (patch == NULL) {
		crm_say("the difference of the two CIBs cannot be computed");
		return NULL;
	}
	text = dump_xml_formatted(patch);
	free_xml(patch);
	return text;
}

static int write_patch(struct apply *a, const char *text)
{
	FILE *file;
	int rc;

	(void)snprintf(a->folder, sizeof(a->folder), "/tmp/qarb-crm.XXXXXX");
	if (mkdtemp(a->folder) == NULL) {
		crm_say("%s: %s", a->folder, strerror(errno));
		a->folder[0] = 0;
		return CRM_FAILED;
	}
	(void)snprintf(a->patch, sizeof(a->patch), "%.200s/patch.xml", a->folder);
	file = fopen(a->patch, "wxe");
	rc = file != NULL && fputs(text, file) >= 0 ? CRM_DONE : CRM_FAILED;
	if (file != NULL && fclose(file) != 0)
		rc = CRM_FAILED;
	if (rc != CRM_DONE)
		crm_say("%s: %s", a->patch, strerror(errno));
	return rc;
}

static int run(const char *const command[], const char *environment, const char *what)
{
	char *output = NULL;
	int rc = source_run(command, environment, true, &output);

	if (rc == 0) {
		free(output);
		return CRM_DONE;
	}
	if (rc != CRM_EX_OLD && output != NULL)
		(void)fputs(output, stderr);
	free(output);
	if (rc == CRM_EX_OLD)
		return CRM_CHANGED;
	crm_say("%s (%s ended with code %d): nothing was changed", what, command[0], rc);
	if (rc == CRM_EX_DISCONNECT || rc == CRM_EX_UNAVAILABLE)
		return CRM_NOT_RUNNING;
	return rc == CRM_EX_INSUFFICIENT_PRIV ? CRM_NOT_PERMITTED : CRM_FAILED;
}

/* What crm_verify says to the shadow CIB, to be freed; NULL: it has nothing to say. */
static char *verify_shadow(void)
{
	static const char *const command[] = { "crm_verify", "--live-check", "-VV", NULL };
	char *output = NULL;

	if (source_run(command, apply_shadow, true, &output) == 0) {
		free(output);
		return NULL;
	}
	return output != NULL ? output : strdup("crm_verify cannot be run\n");
}

/* A cluster in trouble makes crm_verify complain of the trouble: the change must not add to it. */
static int compare_verdicts(const char *before, const char *after)
{
	const char *line = after;

	while (line != NULL && *line != 0) {
		size_t length = strcspn(line, "\n");
		char *text = strndup(line, length);

		if (text == NULL)
			abort();
		if (before == NULL || strstr(before, text) == NULL) {
			(void)fputs(after, stderr);
			crm_say("crm_verify rejects the changed CIB: nothing was changed");
			free(text);
			return CRM_FAILED;
		}
		free(text);
		line += length + (line[length] == '\n');
	}
	return CRM_DONE;
}

static void remove_folder(struct apply *a)
{
	const char *const command[] = { "rm", "-rf", "--", a->folder, NULL };

	if (a->folder[0] != 0)
		(void)source_run(command, NULL, false, NULL);
}

int apply_plan(const char *path, xmlNode *old, xmlNode *next)
{
	static const char *const create[] = { "crm_shadow", "--batch", "--force",
					      "--create",   "qarb",    NULL };
	struct apply a = { "", "" };
	const char *const patch[] = { "cibadmin", "--patch", "--xml-file", a.patch, NULL };
	char *text = apply_patch(old, next);
	char *before = NULL, *after = NULL;
	int code;

	if (text == NULL)
		return CRM_FAILED;
	code = write_patch(&a, text);
	free(text);
	/* crm_shadow keeps its copies there; a name of our own is not seen by anybody else. */
	if (setenv("CIB_shadow_dir", a.folder, 1) != 0 || unsetenv("CIB_shadow") != 0 ||
	    (path != NULL && setenv("CIB_file", path, 1) != 0))
		code = CRM_FAILED;
	if (code == CRM_DONE)
		code = run(create, NULL, "no shadow CIB could be made");
	if (code == CRM_DONE) {
		before = verify_shadow();
		code = run(patch, apply_shadow, "the shadow CIB does not take the change");
	}
	if (code == CRM_DONE) {
		after = verify_shadow();
		code = compare_verdicts(before, after);
	}
	if (code == CRM_DONE)
		code = run(patch, NULL, "the CIB does not take the change");
	if (code == CRM_DONE)
		(void)printf("applied\n");
	free(before);
	free(after);
	remove_folder(&a);
	return code;
}
