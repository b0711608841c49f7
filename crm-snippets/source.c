/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: where CIB and configuration come from. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/results.h>
#include <libxml/parser.h>

#include "crm-snippets/crm.h"
#include "crm-snippets/runner.h"
#include "shell/confile.h"

static int read_live(xmlDoc **doc)
{
	static const char *const command[] = { "cibadmin", "--query", NULL };
	char *text = NULL;
	int rc = runner_run(command, NULL, 0, &text);
	int result = CRM_DONE;

	if (rc == CRM_EX_DISCONNECT || rc == CRM_EX_UNAVAILABLE) {
		crm_say("the cluster is not running on this node; --cib FILE reads a CIB from a "
			"file");
		result = CRM_NOT_RUNNING;
	} else if (rc == CRM_EX_INSUFFICIENT_PRIV) {
		crm_say("not permitted to read the CIB: be root or in the group haclient");
		result = CRM_NOT_PERMITTED;
	} else if (rc != 0) {
		result = runner_say("cibadmin --query", rc);
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
