/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/apply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/results.h>
#include <crm/common/xml.h>

#include "crm-snippets/crm.h"
#include "crm-snippets/runner.h"
#include "crm-snippets/scratch.h"

static const char apply_shadow[] = "CIB_shadow=qarb";

struct apply {
	char folder[SCRATCH_SIZE]; /* of the shadow CIB */
	char patch[SCRATCH_SIZE];
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

	rc = scratch_make(a->folder);
	if (rc != CRM_DONE)
		return rc;
	file = fopen(scratch_path(a->folder, "patch.xml", a->patch), "wxe");
	rc = file != NULL && fputs(text, file) >= 0 ? CRM_DONE : CRM_FAILED;
	if (file != NULL && fclose(file) != 0)
		rc = CRM_FAILED;
	if (rc != CRM_DONE)
		crm_say("%s: %s", a->patch, strerror(errno));
	return rc;
}

/* in: flags, RUNNER_CHANGES where it changes the CIB itself. */
static int run(const char *const command[], const char *environment, unsigned int flags,
	       const char *what)
{
	bool live = (flags & RUNNER_CHANGES) != 0;
	char text[64];
	char *output;
	int rc = runner_run(command, environment, RUNNER_ERRORS | flags, &output);

	if (rc == 0) {
		free(output);
		return CRM_DONE;
	}
	if (rc > 0 && rc != CRM_EX_OLD)
		runner_complain(output);
	free(output);
	if (rc == CRM_EX_OLD)
		return CRM_CHANGED;
	if (rc == RUNNER_STOPPED && !live)
		return runner_say(command[0], rc);
	crm_say("%s (%s %s): %s", what, command[0], runner_text(rc, text, sizeof(text)),
		live && runner_unsure(rc) ? "whether the CIB has the change is not known; a second "
					    "run tells"
					  : "nothing was changed");
	return runner_exit(rc);
}

/* What crm_verify says to the shadow CIB, to be freed; NULL: it has nothing to say. */
static char *verify_shadow(void)
{
	static const char *const command[] = { "crm_verify", "--live-check", "-VV", NULL };
	char *output = NULL;

	if (runner_run(command, apply_shadow, RUNNER_ERRORS, &output) == 0) {
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
			runner_complain(after);
			crm_say("crm_verify rejects the changed CIB: nothing was changed");
			free(text);
			return CRM_FAILED;
		}
		free(text);
		line += length + (line[length] == '\n');
	}
	return CRM_DONE;
}

/* In the shadow CIB alone.  out: a->patch, which may be given to the CIB itself on CRM_DONE. */
static int rehearse(struct apply *a)
{
	static const char *const create[] = { "crm_shadow", "--batch", "--force",
					      "--create",   "qarb",    NULL };
	const char *const patch[] = { "cibadmin", "--patch", "--xml-file", a->patch, NULL };
	char *before = NULL, *after = NULL;
	int code = run(create, NULL, 0, "no shadow CIB could be made");

	if (code == CRM_DONE) {
		before = verify_shadow();
		code = run(patch, apply_shadow, 0, "the shadow CIB does not take the change");
	}
	if (code == CRM_DONE) {
		after = verify_shadow();
		/* Its verdict is none if it was stopped. */
		code = runner_stopped() ? runner_say("crm_verify", RUNNER_STOPPED)
					: compare_verdicts(before, after);
	}
	free(before);
	free(after);
	return code;
}

int apply_plan(const char *path, xmlNode *old, xmlNode *next)
{
	struct apply a = { "", "" };
	const char *const patch[] = { "cibadmin", "--patch", "--xml-file", a.patch, NULL };
	char *text = apply_patch(old, next);
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
		code = rehearse(&a);
	if (code == CRM_DONE)
		code = run(patch, NULL, RUNNER_CHANGES, "the CIB does not take the change");
	if (code == CRM_DONE)
		(void)printf("applied\n");
	scratch_remove(a.folder);
	return code;
}
