# SPDX-License-Identifier: GPL-2.0-or-later
# Agents for Pacemaker, with the places of programs put in, and manual pages made from their metadata.
# $(BUILD)/ocf is what tests and laboratories use; there, qarbctl is the one of the build.
ocfdir ?= /usr/lib/ocf
XSLTPROC ?= xsltproc
AGENTS := workload health
# What the agents share goes first: a new agent needs the new one.
AGENT_FILES := .qarb-agent $(AGENTS)
AGENTS_STAGED := $(AGENT_FILES:%=$(BUILD)/ocf/resource.d/qarb/%)
AGENT_MANUALS := $(AGENTS:%=$(BUILD)/man/ocf_qarb_%.7)
agent-text = sed 's,@sbindir@,$(1),g;s,@version@,$(VERSION),g' $(2)
agent-source = agents/$(patsubst .qarb-agent,qarb-agent.sh,$(1))
# stage-agents FOLDER,SBINDIR: each is moved to its name, as one that runs is read while it runs.
stage-agents = $(foreach a,$(AGENT_FILES),$(call agent-text,$(2),$(call agent-source,$(a))) \
	>$(1)/.new-$(a) && chmod $(if $(filter .%,$(a)),644,755) $(1)/.new-$(a) && \
	mv -f $(1)/.new-$(a) $(1)/$(a) &&) :

$(AGENTS_STAGED) &: $(AGENTS:%=agents/%) agents/qarb-agent.sh agents/module.mk
	$(call SHOW,AGENT,$(@D))mkdir -p $(BUILD)/ocf/resource.d/qarb && \
	$(call stage-agents,$(BUILD)/ocf/resource.d/qarb,$(abspath $(BUILD))/release)

# What a manual page says of programs is where they are installed.
$(BUILD)/man/sbindir: FORCE
	@mkdir -p $(@D); printf '%s\n' '$(sbindir)' | cmp -s - $@ || printf '%s\n' '$(sbindir)' >$@
$(BUILD)/man/ocf_qarb_%.7: agents/% agents/qarb-agent.sh agents/manual.xsl agents/module.mk $(BUILD)/man/sbindir
	$(call SHOW,MAN,$@)mkdir -p $(@D) && \
	$(call agent-text,$(sbindir),$<) >$@.agent.$$$$ && \
	QARB_AGENT_LIB=agents/qarb-agent.sh sh $@.agent.$$$$ meta-data | $(XSLTPROC) --novalid --nonet \
		--stringparam date '$(AGENT_MANUAL_DATE)' agents/manual.xsl - | \
	sed 's/\([a-z)]\)\. \([A-Z]\)/\1.\n\2/g' | fold -s -w 80 | sed 's/ $$//' >$@.$$$$ && \
	rm -f $@.agent.$$$$ && mv -f $@.$$$$ $@ || { rm -f $@.agent.$$$$ $@.$$$$; exit 1; }
AGENT_MANUAL_DATE := November 23, 2026

.PHONY: install-agents uninstall-agents
lab-build: $(AGENTS_STAGED)
lint-build: $(AGENT_MANUALS)
install: install-agents
install-agents: $(AGENT_MANUALS)
	$(INSTALL) -d $(DESTDIR)$(ocfdir)/resource.d/qarb $(DESTDIR)$(mandir)/man7
	$(call stage-agents,$(DESTDIR)$(ocfdir)/resource.d/qarb,$(sbindir))
	$(INSTALL) -m 644 $(AGENT_MANUALS) $(DESTDIR)$(mandir)/man7/
uninstall: uninstall-agents
uninstall-agents:
	rm -f $(AGENT_FILES:%=$(DESTDIR)$(ocfdir)/resource.d/qarb/%) \
		$(AGENTS:%=$(DESTDIR)$(mandir)/man7/ocf_qarb_%.7)
	-rmdir $(DESTDIR)$(ocfdir)/resource.d/qarb
