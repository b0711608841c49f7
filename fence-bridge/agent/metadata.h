/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence agent: its description, as FenceAgentAPI wants it. */
#ifndef QARB_FENCE_BRIDGE_AGENT_METADATA_H
#define QARB_FENCE_BRIDGE_AGENT_METADATA_H

extern const char metadata_xml[];

#endif
