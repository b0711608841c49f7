/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/agent/metadata.h"

#define PARAMETER(name, more, mixed, content, text)                                                \
	"\t<parameter name=\"" name "\" unique=\"0\" required=\"0\"" more ">\n"                    \
	"\t\t<getopt mixed=\"" mixed "\"/>\n"                                                      \
	"\t\t<content " content "/>\n"                                                             \
	"\t\t<shortdesc lang=\"en\">" text "</shortdesc>\n"                                        \
	"\t</parameter>\n"

const char metadata_xml[] =
	"<?xml version=\"1.0\" ?>\n"
	"<resource-agent name=\"fence_qarb\" shortdesc=\"Fencing through the quorum disks of "
	"qarb\">\n"
	"<longdesc>fence_qarb has a node that runs qarbd end itself, by an order on the quorum "
	"disk "
	"(poison).\n"
	"It succeeds only when the node is known to be dead: its slot declared an armed watchdog "
	"and "
	"has been silent for longer than that watchdog waits, or, for reboot, a later life of the "
	"node appeared. That the order was delivered is not enough.\n"
	"It refuses to work against a node without an armed watchdog, with on_poison: stop, or "
	"whose "
	"qarbd was stopped in order. qarbd must run on the node where the agent runs, with its "
	"disk "
	"readable.\n"
	"It cannot switch a node on: a node that was told to end itself reboots. Prefer "
	"stonith-action=reboot.</longdesc>\n"
	"<vendor-url>https://clusterlabs.org/</vendor-url>\n"
	"<parameters>\n" PARAMETER(
		"action", "", "-o, --action=[action]", "type=\"string\" default=\"reboot\"",
		"Fencing action") PARAMETER("plug", " obsoletes=\"port\"", "-n, --plug=[name]",
					    "type=\"string\"",
					    "Node to fence: its name in corosync.conf, or its node "
					    "id") PARAMETER("port", " deprecated=\"1\"",
							    "-n, --plug=[name]", "type=\"string\"",
							    "Node to fence: its name in "
							    "corosync.conf, or its node id")
		PARAMETER("power_timeout", "", "-t, --power-timeout=[seconds]",
			  "type=\"second\" default=\"50\"",
			  "How long to wait until the node is known to be dead; less than "
			  "pcmk_reboot_timeout, more than the watchdog&apos;s timeout and dead_ms")
			PARAMETER("unsafe_silence", "", "--unsafe-silence=[seconds]",
				  "type=\"second\" default=\"0\"",
				  "UNSAFE: call a node dead that has no armed watchdog once its "
				  "slot was silent for "
				  "so many seconds (0: never). A node that merely lost its disk is "
				  "silent too and may "
				  "go on writing to your data") PARAMETER("verbose", "",
									  "-v, --verbose",
									  "type=\"boolean\"",
									  "Say what is waited for")
				PARAMETER("version", "", "-V, --version", "type=\"boolean\"",
					  "Print the version and end")
					PARAMETER(
						"help", "", "-h, --help", "type=\"boolean\"",
						"Print the options and end") "</parameters>\n"
									     "<actions>\n"
									     "\t<action "
									     "name=\"on\" "
									     "automatic=\"0\"/>\n"
									     "\t<action "
									     "name=\"off\"/>\n"
									     "\t<action "
									     "name=\"reboot\"/>\n"
									     "\t<action "
									     "name=\"status\"/>\n"
									     "\t<action "
									     "name=\"list\"/>\n"
									     "\t<action "
									     "name=\"monitor\"/>\n"
									     "\t<action "
									     "name=\"metadata\"/>\n"
									     "\t<action "
									     "name=\"validate-"
									     "all\"/>\n"
									     "</actions>\n"
									     "</resource-agent>\n";
