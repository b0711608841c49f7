# SPDX-License-Identifier: GPL-2.0-or-later
#
# qarb: one non-recursive Makefile. Each folder adds what is special about it in a short module.mk:
#
#   CFLAGS.<folder>    more compiler flags for the folder's sources
#   PKGS.<folder>      pkg-config names that the folder's sources and programs need
#   LDFLAGS.<program>  more linker flags for one program or one unit test
#
# A flavour is a folder under $(BUILD): release, debug, asan; with -mutants appended the core's
# deliberate faults are compiled in, and any of them can be selected at run time (base/mutant.h).
# "fuzz", "fuzzcov", "fuzzmsan" and "msan" are made by clang: fuzzers, the same with source coverage
# and under the memory sanitizer, and the simulator under it; "clang" is release made by clang, for the
# simulator; "fast" is for its long runs: release, optimised as one whole.
# A source or folder that does not exist yet is simply not built.

VERSION    := 0.1.0
FLAVOR     ?= release
BUILD      ?= build

prefix     ?= /usr/local
exec_prefix ?= $(prefix)
sbindir    ?= $(exec_prefix)/sbin
libexecdir ?= $(exec_prefix)/libexec
mandir     ?= $(prefix)/share/man
docdir     ?= $(prefix)/share/doc/qarb
pkgdatadir ?= $(prefix)/share/qarb
schemadir  ?= $(pkgdatadir)/schema
unitdir    ?= /lib/systemd/system
DESTDIR    ?=

INSTALL    ?= install
PKG_CONFIG ?= pkg-config
AR         ?= ar
CLANG      ?= clang
ifeq ($(origin CC),default)
CC         := gcc
endif

ifeq ($(filter $(FLAVOR),release debug asan),)
$(error FLAVOR=$(FLAVOR): allowed are release, debug and asan)
endif

# Targets that build a lot by themselves use this many jobs unless make was given -j.
JOBS       ?= $(shell nproc)
PARALLEL    = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
SHELL      := /bin/sh

all:

# Rooms of the daemon; what is linked is listed from the top of the building to its ground.
ROOMS      := base model wire core client shell tool bridge agent crm
LINK_ORDER := tool shell client core wire model base
PURE_ROOMS := base model wire core

include $(wildcard qarbd/*/module.mk agents/module.mk fence-bridge/module.mk \
	crm-snippets/module.mk tests/*/module.mk)

# ---------------------------------------------------------------------------------------------
# Flags

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wundef -Wformat=2 -Wvla \
	-Wimplicit-fallthrough -Wnull-dereference

ifeq ($(CI),true)
WERROR ?= 1
endif
WERROR_FLAG := $(if $(filter 1,$(WERROR)),-Werror)

BASE_CFLAGS := -std=gnu11 -g -fno-strict-aliasing -fstack-protector-strong -pthread
# The commit is generated into $(BUILD)/include/qarb-commit.h (QARB_COMMIT): a flag would rebuild all.
BASE_CPPFLAGS := -D_GNU_SOURCE -DQARB_VERSION='"$(VERSION)"' -I. -Iqarbd -I$(BUILD)/include
BASE_LDFLAGS := -Wl,--as-needed -Wl,-z,relro,-z,now -pthread

SAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

CC.release := $(CC)
CC.debug   := $(CC)
CC.asan    := $(CC)
CC.fuzz    := $(CLANG)
CC.fuzzcov := $(CLANG)
CC.fuzzmsan := $(CLANG)
CC.msan    := $(CLANG)
CC.clang   := $(CLANG)
CC.fast    := $(CC)
CC.fast8   := $(CC)
CC.lint-gcc := $(CC)
CC.lint-clang := $(CLANG)
OPT.release := -O2
OPT.debug   := -O0
OPT.clang   := -O2
OPT.fast    := -O3 -march=native -flto=auto
OPT.fast8   := $(OPT.fast) -DQARB_NODES_MAX=8
OPT.asan    := -O1 $(SAN)
OPT.fuzz    := -O1 $(SAN) -fsanitize=fuzzer-no-link
OPT.fuzzcov := -O1 -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping
OPT.fuzzmsan := -O1 -fsanitize=memory -fsanitize=fuzzer-no-link -fno-omit-frame-pointer
OPT.msan    := -O1 -fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer
OPT.lint-gcc := -O2 -Werror
OPT.lint-clang := -O2 -Werror
ANALYZER    := -fanalyzer
ANALYZED    := $(addprefix qarbd/,core wire)
LD.asan     := $(SAN)
LD.fuzz     := $(SAN) -fsanitize=fuzzer
LD.fuzzcov  := -fsanitize=fuzzer -fprofile-instr-generate
LD.fuzzmsan := -fsanitize=memory,fuzzer
LD.msan     := -fsanitize=memory
# An archive of what the linker is to optimise needs the compiler's own archiver.
AR.fast     := gcc-ar
AR.fast8    := gcc-ar
# The pure rooms call nothing foreign, so fortified wrappers have no place in their objects.
FORTIFY.release := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2

# flavour-of VARIANT: release-mutants -> release
flavour-of = $(patsubst %-mutants,%,$(1))
mutant-flag = $(if $(filter %-mutants,$(1)),-DMUTANT_ENABLE)

# Third-party include paths are system ones: their headers do not pass our warnings. pkg-config is
# asked once per set of packages and only when something is compiled, so that `make deps` and
# `make help` work before it is installed.
pkg-memo = $(if $(filter undefined,$(origin memo.$(1).$(subst $() ,+,$(2)))),$(eval \
	memo.$(1).$(subst $() ,+,$(2)) := $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)))$(memo.$(1).$(subst \
	$() ,+,$(2)))
pkg-cflags = $(if $(strip $(1)),$(patsubst -I%,-isystem %,$(call pkg-memo,--cflags,$(strip $(1)))))
pkg-libs = $(if $(strip $(1)),$(call pkg-memo,--libs,$(strip $(1))))

folder-of = $(patsubst %/,%,$(dir $(1)))

# compile-flags VARIANT,SOURCE
compile-flags = $(BASE_CFLAGS) $(OPT.$(call flavour-of,$(1))) $(WARNINGS) $(WERROR_FLAG) \
	$(CFLAGS.$(call folder-of,$(2))) $(call mutant-flag,$(1)) \
	$(if $(filter lint-gcc,$(1)),$(if $(filter $(ANALYZED),$(call folder-of,$(2))),$(ANALYZER))) \
	$(if $(filter $(PURE_ROOMS:%=qarbd/%),$(call folder-of,$(2))),,$(FORTIFY.$(call flavour-of,$(1)))) \
	$(BASE_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(call pkg-cflags,$(PKGS.$(call folder-of,$(2))))

SHOW = @$(if $(V),,printf '  %-6s %s\n' '$(1)' '$(2)';)

# ---------------------------------------------------------------------------------------------
# What there is to build

room-src = $(filter-out $(MAIN.$(1)) $(NOT.$(1)),$(wildcard $(or $(FOLDERS.$(1)),qarbd/$(1))/*.c \
	$(if $(FOLDERS.$(1)),$(FOLDERS.$(1))/*/*.c)))
FOLDERS.bridge := fence-bridge
FOLDERS.agent := fence-bridge/agent
NOT.bridge := $(wildcard fence-bridge/agent/*.c)
FOLDERS.crm := crm-snippets
# The one file of a room that holds main() stays out of the room's library.
MAIN.shell := $(wildcard qarbd/shell/main.c)
MAIN.tool  := $(firstword $(wildcard qarbd/tool/main.c qarbd/tool/qarbctl.c))

ALL_PKGS := $(sort $(PKGS.qarbd/shell) $(PKGS.qarbd/tool))
TEST_PKGS := $(ALL_PKGS) libxml-2.0 cmocka

UNIT_SRCS := $(wildcard tests/unit/test_*.c)
UNIT_HELPERS := $(filter-out $(UNIT_SRCS),$(wildcard tests/unit/*.c))
FUZZ_SRCS := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_HELPERS := $(filter-out $(FUZZ_SRCS),$(wildcard tests/fuzz/*.c))
SIM_SRCS  := $(wildcard tests/sim/*.c)
BENCH_SRCS := $(wildcard tests/bench/*.c)
# Lab helpers: one program a file; shim_*.c are libraries for LD_PRELOAD, PARTS.PROGRAM are linked
# into that program.
LAB_SRCS  := $(filter-out $(PARTS.labaudit),$(wildcard tests/cts/*.c tests/cts/lab/*.c))
LAB_SHIMS := $(foreach s,$(LAB_SRCS),$(if $(filter shim_%,$(notdir $(s))),$(s)))
LAB_PROGS := $(filter-out $(LAB_SHIMS),$(LAB_SRCS))

MAIN.bridge := $(wildcard fence-bridge/main.c)
MAIN.agent := $(wildcard fence-bridge/agent/main.c)
MAIN.crm   := $(wildcard crm-snippets/main.c)

# ---------------------------------------------------------------------------------------------
# Rules, once per variant. Everything is written beside its name and moved there, so that two
# makes in one tree never see each other's half-written files.

define variant_rules
$(BUILD)/$(1)/obj/%.o: %.c $(BUILD)/$(1)/flags | pkgs-present $(BUILD)/include/qarb-commit.h
	$$(call SHOW,CC,$$@)mkdir -p $$(@D) && \
	$$(CC.$(call flavour-of,$(1))) $$(call compile-flags,$(1),$$<) $(2) -MD -MP -MF $$(@:.o=.d) -MT $$@ \
		-c -o $$@.$$$$$$$$ $$< && mv -f $$@.$$$$$$$$ $$@ || { rm -f $$@.$$$$$$$$; exit 1; }

$(BUILD)/$(1)/flags: FORCE
	@mkdir -p $$(@D); \
	text='$$(subst ','\'',$$(CC.$(call flavour-of,$(1))) $$(filter-out -Werror,$$(call compile-flags,$(1),-)))'; \
	printf '%s\n' "$$$$text" | cmp -s - $$@ || printf '%s\n' "$$$$text" >$$@

$(foreach r,$(ROOMS),$(call room_rules,$(1),$(r)))
endef

# room_rules VARIANT,ROOM
define room_rules

$(BUILD)/$(1)/lib$(2).a: $(patsubst %.c,$(BUILD)/$(1)/obj/%.o,$(call room-src,$(2))) $(BUILD)/$(1)/lib$(2).list
	$$(call SHOW,AR,$$@)rm -f $$@.$$$$$$$$.a && \
	$$(or $$(AR.$(call flavour-of,$(1))),$$(AR)) rcs $$@.$$$$$$$$.a $$(filter %.o,$$^) && mv -f $$@.$$$$$$$$.a $$@

$(BUILD)/$(1)/lib$(2).list: FORCE
	@mkdir -p $$(@D); printf '%s\n' '$(call room-src,$(2))' | cmp -s - $$@ || \
		printf '%s\n' '$(call room-src,$(2))' >$$@
endef

# link VARIANT,PROGRAM,OBJECTS,ROOMS,PKGS
define link_rule
$(BUILD)/$(1)/$(2): $(3) $(foreach r,$(4),$(BUILD)/$(1)/lib$(r).a) | pkgs-present
	$$(call SHOW,LD,$$@)mkdir -p $$(@D) && \
	$$(CC.$(call flavour-of,$(1))) $$(OPT.$(call flavour-of,$(1))) $$(BASE_LDFLAGS) $$(LDFLAGS) \
		-o $$@.$$$$$$$$ $(3) -Wl,--start-group $(foreach r,$(4),$(BUILD)/$(1)/lib$(r).a) \
		-Wl,--end-group $$(LDFLAGS.$(notdir $(2))) $$(LD.$(call flavour-of,$(1))) \
		$$(call pkg-libs,$(5)) && mv -f $$@.$$$$$$$$ $$@
endef

objs = $(patsubst %.c,$(BUILD)/$(1)/obj/%.o,$(2))
DAEMON_ROOMS := $(filter-out tool,$(LINK_ORDER))
TOOL_SHELL ?= blkdev

# The tool may use of the shell its block-device access alone.
define program_rules
$(if $(MAIN.shell),$(call link_rule,$(1),qarbd,$(call objs,$(1),$(MAIN.shell)),$(DAEMON_ROOMS),$(ALL_PKGS)))

$(if $(MAIN.tool),$(call link_rule,$(1),qarbctl,$(call objs,$(1),$(MAIN.tool) $(wildcard $(TOOL_SHELL:%=qarbd/shell/%.c))),tool $(filter-out shell,$(DAEMON_ROOMS)),$(ALL_PKGS)))

$(if $(MAIN.bridge),$(call link_rule,$(1),qarb-fence-bridge,$(call objs,$(1),$(MAIN.bridge)),bridge client wire model base,$(PKGS.fence-bridge)))

$(if $(MAIN.agent),$(call link_rule,$(1),fence_qarb,$(call objs,$(1),$(MAIN.agent)),agent client wire model base,$(PKGS.fence-bridge/agent)))

$(if $(MAIN.crm),$(call link_rule,$(1),qarb-crm,$(call objs,$(1),$(MAIN.crm) $(wildcard $(CRM_SHELL:%=qarbd/shell/%.c))),crm wire model base,$(PKGS.crm-snippets)))

$(if $(SIM_SRCS),$(call link_rule,$(1),sim,$(call objs,$(1),$(SIM_SRCS)),core wire model base,))
endef

# A test of the pure rooms does not wait for the others to compile; it gets what its includes name.
tests-including = $(if $(UNIT_SRCS),$(shell grep -lE '^\#include "$(1)/' $(UNIT_SRCS)))
WORLDLY_TESTS := $(call tests-including,(qarbd/)?(shell|tool|client))
AGENT_TESTS := $(call tests-including,fence-bridge/agent)
BRIDGE_TESTS := $(filter-out $(AGENT_TESTS),$(call tests-including,fence-bridge))
CRM_TESTS := $(call tests-including,crm-snippets)
unit-rooms = $(if $(filter $(BRIDGE_TESTS),$(1)),bridge client) $(if $(filter $(AGENT_TESTS),$(1)),agent client) \
	$(if $(filter $(CRM_TESTS),$(1)),crm) \
	$(if $(filter $(WORLDLY_TESTS) $(CRM_TESTS),$(1)),tool shell client) $(filter $(PURE_ROOMS),$(LINK_ORDER))
unit-pkgs = $(TEST_PKGS) $(if $(filter $(BRIDGE_TESTS),$(1)),$(PKGS.fence-bridge)) \
	$(if $(filter $(CRM_TESTS),$(1)),$(PKGS.crm-snippets))

define unit_rules
$(foreach t,$(UNIT_SRCS),
$(call link_rule,$(1),unit/$(basename $(notdir $(t))),$(call objs,$(1),$(t) $(UNIT_HELPERS)),$(call unit-rooms,$(t)),$(call unit-pkgs,$(t))))
endef

VARIANTS := release debug asan release-mutants debug-mutants asan-mutants
LINTED := lint-gcc lint-clang lint-gcc-mutants lint-clang-mutants
$(foreach v,$(VARIANTS) msan-mutants clang-mutants fast fast8 fuzz fuzzcov fuzzmsan $(LINTED),$(eval $(call variant_rules,$(v))))
$(foreach v,$(VARIANTS) msan-mutants clang-mutants fast fast8,$(eval $(call program_rules,$(v))))
$(foreach v,$(VARIANTS),$(eval $(call unit_rules,$(v))))
# FUZZ_SHELL.<program>: files of the shell that it needs beside the pure rooms.
$(foreach v,fuzz fuzzcov fuzzmsan,$(foreach f,$(FUZZ_SRCS),$(eval $(call link_rule,$(v),$(basename $(notdir $(f))),$(call \
	objs,$(v),$(f) $(FUZZ_HELPERS) $(FUZZ_SHELL.$(basename $(notdir $(f))):%=qarbd/shell/%.c)),core wire model base,))))
$(foreach v,release debug,$(foreach b,$(BENCH_SRCS),$(eval $(call link_rule,$(v),bench/$(basename \
	$(notdir $(b))),$(call objs,$(v),$(b)),$(LINK_ORDER),$(TEST_PKGS)))))
$(foreach v,release debug,$(foreach p,$(LAB_PROGS),$(eval $(call link_rule,$(v),cts/$(basename \
	$(notdir $(p))),$(call objs,$(v),$(p) $(PARTS.$(basename $(notdir $(p))))),$(DAEMON_ROOMS),$(ALL_PKGS) \
	$(PKGS.tests/cts)))))

define shim_rule
$(BUILD)/release/cts/$(basename $(notdir $(1))).so: $(1) | pkgs-present
	$$(call SHOW,SHIM,$$@)mkdir -p $$(@D) && $$(CC) -std=gnu11 -O2 -g $$(WARNINGS) $$(WERROR_FLAG) \
		-fPIC -shared $$(BASE_CPPFLAGS) -o $$@.$$$$$$$$ $(1) -ldl && mv -f $$@.$$$$$$$$ $$@
endef
$(foreach s,$(LAB_SHIMS),$(eval $(call shim_rule,$(s))))

$(BUILD)/include/qarb-commit.h: FORCE
	@mkdir -p $(@D); c=$$(git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown); \
	text="#define QARB_COMMIT \"$$c\""; \
	printf '%s\n' "$$text" | cmp -s - $@ || printf '%s\n' "$$text" >$@

# Every source is compiled by both compilers with warnings as errors (core and wire also under gcc's
# analyzer), and looked at by clang-tidy when it or a header of its changed.
LINT_SRCS := $(wildcard qarbd/*/*.c fence-bridge/*.c fence-bridge/*/*.c crm-snippets/*.c crm-snippets/*/*.c tests/unit/*.c tests/bench/*.c) $(LAB_SRCS) \
	$(PARTS.labaudit)
lint-objects := $(foreach v,lint-gcc lint-clang,$(call objs,$(v),$(LINT_SRCS)) $(call \
	objs,$(v)-mutants,$(SIM_SRCS))) $(call objs,lint-clang,$(FUZZ_SRCS) $(FUZZ_HELPERS))
define tidy_rule
$(BUILD)/tidy/$(2).ok: $(BUILD)/$(1)/obj/$(2:.c=.o) .clang-tidy tests/.clang-tidy
	$$(call SHOW,TIDY,$(2))mkdir -p $$(@D) && clang-tidy --quiet $(2) -- $$(filter-out -f%,$$(call \
		compile-flags,$(1),$(2))) >$$@.$$$$$$$$ 2>&1 && mv -f $$@.$$$$$$$$ $$@ || \
		{ cat $$@.$$$$$$$$; rm -f $$@.$$$$$$$$; exit 1; }
endef
$(foreach s,$(LINT_SRCS) $(FUZZ_SRCS) $(FUZZ_HELPERS),$(eval $(call tidy_rule,lint-clang,$(s))))
$(foreach s,$(SIM_SRCS),$(eval $(call tidy_rule,lint-clang-mutants,$(s))))
lint-tidied := $(patsubst %,$(BUILD)/tidy/%.ok,$(LINT_SRCS) $(SIM_SRCS) $(FUZZ_SRCS) $(FUZZ_HELPERS))
.PHONY: lint-objects lint-tidied lint-counts
lint-objects: $(lint-objects)
lint-tidied: $(lint-tidied)
# For tests/lint/run: how many there should be.
lint-counts:
	@echo $(words $(lint-objects)) $(words $(lint-tidied))

# The programs need fewer libraries than their tests do: who only installs them has fewer.
PROGRAM_PKGS := $(sort $(ALL_PKGS) $(PKGS.fence-bridge) $(PKGS.fence-bridge/agent) $(PKGS.crm-snippets))
look-for = command -v $(PKG_CONFIG) >/dev/null && $(PKG_CONFIG) --exists $(1) || { \
	echo "qarb: libraries are missing, run make deps first:" $$(for p in $(1); do \
	$(PKG_CONFIG) --exists $$p 2>/dev/null || echo $$p; done) >&2; exit 1; }
.PHONY: FORCE pkgs-present test-pkgs-present
FORCE:
pkgs-present:
	@$(call look-for,$(PROGRAM_PKGS))
test-pkgs-present:
	@$(call look-for,$(sort $(TEST_PKGS) $(PKGS.tests/cts) $(PKGS.tests/bench)))
$(foreach v,$(VARIANTS) $(LINTED),$(call objs,$(v),$(UNIT_SRCS) $(UNIT_HELPERS) $(BENCH_SRCS) $(LAB_SRCS))): | test-pkgs-present

-include $(wildcard $(BUILD)/*/obj/qarbd/*/*.d $(BUILD)/*/obj/tests/*/*.d $(BUILD)/*/obj/tests/cts/lab/*.d \
	$(BUILD)/*/obj/fence-bridge/*.d $(BUILD)/*/obj/fence-bridge/*/*.d $(BUILD)/*/obj/crm-snippets/*.d \
	$(BUILD)/*/obj/crm-snippets/*/*.d)

# ---------------------------------------------------------------------------------------------
# Targets

programs = $(if $(MAIN.shell),$(BUILD)/$(1)/qarbd) $(if $(MAIN.tool),$(BUILD)/$(1)/qarbctl) \
	$(if $(MAIN.bridge),$(BUILD)/$(1)/qarb-fence-bridge) $(if $(MAIN.agent),$(BUILD)/$(1)/fence_qarb) \
	$(if $(MAIN.crm),$(BUILD)/$(1)/qarb-crm)
unit-tests = $(patsubst tests/unit/%.c,$(BUILD)/$(1)/unit/%,$(UNIT_SRCS))
sim-of = $(if $(SIM_SRCS),$(BUILD)/$(1)/sim)
fuzzers := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRCS))
lab-helpers := $(foreach p,$(LAB_PROGS),$(BUILD)/release/cts/$(basename $(notdir $(p)))) \
	$(foreach s,$(LAB_SHIMS),$(BUILD)/release/cts/$(basename $(notdir $(s))).so)
libs = $(foreach r,$(ROOMS),$(BUILD)/$(1)/lib$(r).a)

.PHONY: all unit-build sim-build fuzz-build fuzz fuzz-report lab-build lint-build deps check check-build \
	check-unit check-sim check-vqsim check-fuzz check-lint check-cts check-cts-short check-pairs check-deps check-long \
	check-msan demo \
	check-crm check-templates check-model check-sim-long sim-long-build \
	bench-failover bench-cost bench-scale bench-sim install uninstall clean help

all: $(call libs,$(FLAVOR)) $(call programs,$(FLAVOR))

unit-build: $(call unit-tests,release) $(call unit-tests,asan)
sim-build: $(call sim-of,$(FLAVOR)-mutants)
sim-long-build: $(call sim-of,fast) $(call sim-of,fast8)
fuzz-build: $(fuzzers)
# Scenarios run the release build, and the build with deliberate faults for those that must fail.
lab-build: $(call programs,release) $(call programs,release-mutants) $(lab-helpers)
lint-build: $(call libs,release) $(call programs,release)
check-build: all unit-build sim-build fuzz-build lab-build lint-build

deps:
	@tests/deps/deps.sh

# Stages; each ends with "N passed, M failed, K skipped", which tests/run-check adds up.
export BUILD CI FLAVOR JOBS
check:
	@tests/deps/host-free
	@tests/deps/deps.sh
	@MAKE='$(MAKE)' tests/run-check lint deps unit crm sim vqsim fuzz cts-short

check-unit: unit-build
	@tests/run-unit $(call unit-tests,release) $(call unit-tests,asan)
check-sim: sim-build
	@tests/sim/check --jobs $(JOBS) $(or $(call sim-of,$(FLAVOR)-mutants),none)
# votequorum's own engine counts what the deciding code casts.
check-vqsim: $(if $(MAIN.tool),$(BUILD)/release/qarbctl)
	@tests/vqsim/run $<
# Millions of schedules, in parts: tests/sim/long says what can be set and how to go on.
check-sim-long: sim-long-build
	@tests/sim/long $(or $(call sim-of,fast),none) $(or $(call sim-of,fast8),none)
check-fuzz: fuzz-build
	@tests/run-fuzz $(fuzzers)
# Longer, and what was covered of each decoder's source.
fuzz: FUZZ_SECONDS ?= 600
fuzz fuzz-report: fuzz-build $(fuzzers:$(BUILD)/fuzz/%=$(BUILD)/fuzzcov/%)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run-fuzz --report '$(BUILD)/fuzzcov' $(fuzzers)
check-lint: lint-build
	@MAKE='$(MAKE)' tests/lint/run '$(BUILD)' $(call programs,release)
check-deps:
	@tests/deps/test-deps
# What qarb-crm says and makes; the templates take crm and pcs minutes, so they are in check-long.
check-crm: $(if $(MAIN.crm),$(BUILD)/asan/qarb-crm)
	@tests/golden/crm/all $<
check-templates: $(if $(MAIN.crm),$(BUILD)/release/qarb-crm)
	@tests/golden/crm/templates $<
check-cts-short: lab-build
	@tests/deps/host-free
	@tests/cts/run --check
check-cts: lab-build
	@tests/deps/host-free
	@tests/cts/run
# Each scenario once more without each rule that it is paired with: an audit must fail.
check-pairs: lab-build
	@tests/deps/host-free
	@tests/cts/run --without each
# The model of one disk (spin): some minutes, so it is in check-long.
check-model:
	@tests/model/run
# The core in the simulator, then the decoders: what they judge and write was written before.
fuzzers-msan := $(fuzzers:$(BUILD)/fuzz/%=$(BUILD)/fuzzmsan/%)
# A seed is the same schedule in both compilers' builds.
sims-msan := $(foreach v,msan-mutants clang-mutants release-mutants,$(or $(call sim-of,$(v)),none))
check-msan: $(filter-out none,$(sims-msan)) $(fuzzers-msan)
	@tests/sim/same $(word 1,$(sims-msan)) $(word 3,$(sims-msan)) --runs 300 --jobs $(JOBS) && \
		tests/sim/same $(word 2,$(sims-msan)) $(word 3,$(sims-msan)) --runs 5000 --jobs $(JOBS) && \
		FUZZ_SECONDS=$${FUZZ_SECONDS:-10} tests/run-fuzz $(fuzzers-msan)
check-long:
	@tests/deps/host-free
	@MAKE='$(MAKE)' tests/run-check lint deps unit crm templates model sim sim-long vqsim msan fuzz cts cts cts pairs

demo:
	@tests/deps/host-free
	@tests/deps/deps.sh
	@$(MAKE) --no-print-directory $(PARALLEL) lab-build
	@tests/cts/demo

bench-failover:
	@tests/deps/host-free
	@$(MAKE) --no-print-directory $(PARALLEL) lab-build
	@tests/bench/failover
bench-cost:
	@tests/deps/host-free
	@$(MAKE) --no-print-directory $(PARALLEL) lab-build
	@tests/bench/cost
bench-scale:
	@tests/deps/host-free
	@$(MAKE) --no-print-directory $(PARALLEL) lab-build $(BUILD)/release/bench/standin
	@tests/bench/scale
bench-sim: $(call sim-of,fast)
	@$< --bench

MANUALS := $(wildcard doc/*.5 doc/*.7 doc/*.8)
UNITS := $(notdir $(wildcard systemd/*.service))
# Not for systemd to find: an administrator copies them where they are needed.
STANDINS := $(notdir $(wildcard systemd/standin/*.service))
TEMPLATES := $(wildcard crm-snippets/templates/*)
SCHEMAS := $(wildcard doc/schema/*)
# The places are written into units and agents by sed, and into commands of the shell and of systemd:
# what one of them would read otherwise is refused before anything is installed.
odd-place = $(shell LC_ALL=C; case '$(subst ','\'',$(1))' in (*[!A-Za-z0-9/._+:=-]* | [!/]*) echo odd ;; esac)
ifneq ($(filter install% uninstall%,$(MAKECMDGOALS)),)
$(foreach v,sbindir unitdir docdir pkgdatadir schemadir mandir ocfdir,$(if $(call odd-place,$($(v))),$(error \
	$(v)=$($(v)): allowed are paths that begin with /, of letters, digits and . _ + : = -)))
$(if $(call odd-place,/$(DESTDIR)),$(error DESTDIR=$(DESTDIR): allowed are letters, digits and / . _ + : = -))
endif
# install-units FOLDER,NAMES,TO
install-units = $(foreach u,$(2),sed 's,@sbindir@,$(sbindir),g;s,@docdir@,$(docdir),g' $(1)/$(u) \
	>$(DESTDIR)$(3)/.new-$(u) && chmod 644 $(DESTDIR)$(3)/.new-$(u) && \
	mv -f $(DESTDIR)$(3)/.new-$(u) $(DESTDIR)$(3)/$(u) &&) :
manual-section = $(mandir)/man$(patsubst .%,%,$(suffix $(1)))
install: $(call programs,release)
	$(INSTALL) -d $(DESTDIR)$(sbindir) $(DESTDIR)$(unitdir) $(DESTDIR)$(docdir)
	$(foreach p,$(call programs,release),$(INSTALL) -m 755 $(p) $(DESTDIR)$(sbindir)/ &&) :
	$(call install-units,systemd,$(UNITS),$(unitdir))
	$(INSTALL) -m 644 README.md LICENSE $(wildcard doc/*.md) $(DESTDIR)$(docdir)/
	$(INSTALL) -d $(DESTDIR)$(docdir)/templates
	$(INSTALL) -m 644 $(TEMPLATES) $(DESTDIR)$(docdir)/templates/
	$(INSTALL) -d $(DESTDIR)$(pkgdatadir) $(DESTDIR)$(schemadir)
	$(call install-units,systemd/standin,$(STANDINS),$(pkgdatadir))
	$(INSTALL) -m 644 $(SCHEMAS) $(DESTDIR)$(schemadir)/
	$(foreach m,$(MANUALS),$(INSTALL) -d $(DESTDIR)$(call manual-section,$(m)) && \
		$(INSTALL) -m 644 $(m) $(DESTDIR)$(call manual-section,$(m))/ &&) :

uninstall:
	rm -f $(foreach p,$(notdir $(call programs,release)),$(DESTDIR)$(sbindir)/$(p)) \
		$(UNITS:%=$(DESTDIR)$(unitdir)/%) \
		$(foreach m,$(MANUALS),$(DESTDIR)$(call manual-section,$(m))/$(notdir $(m)))
	rm -f $(foreach d,README.md LICENSE $(notdir $(wildcard doc/*.md)),$(DESTDIR)$(docdir)/$(d))
	rm -f $(foreach t,$(notdir $(TEMPLATES)),$(DESTDIR)$(docdir)/templates/$(t))
	rm -f $(foreach d,$(notdir $(SCHEMAS)),$(DESTDIR)$(schemadir)/$(d)) $(STANDINS:%=$(DESTDIR)$(pkgdatadir)/%)
	-rmdir $(DESTDIR)$(docdir)/templates $(DESTDIR)$(docdir) $(DESTDIR)$(schemadir) $(DESTDIR)$(pkgdatadir)

clean:
	rm -rf $(BUILD)

help:
	@echo 'make                  programs of FLAVOR (release | debug | asan) under $(BUILD)/FLAVOR'
	@echo 'make deps             install the Debian packages needed (nothing is started or enabled)'
	@echo 'make demo             two real nodes, one disk: a failover, a return, a split (root)'
	@echo 'make check            everything below, shortened: about 12 minutes on two cores'
	@echo '  check-unit check-crm check-sim check-vqsim check-fuzz check-lint check-deps check-cts-short'
	@echo 'make check-cts        every scenario on real clusters; check-long: everything at length'
	@echo '  check-templates check-model check-msan check-sim-long: what check-long has besides'
	@echo 'make check-pairs      each scenario once more without each rule it needs: an audit must fail'
	@echo 'make fuzz             every decoder for FUZZ_SECONDS (600), and its coverage; fuzz-report: 20'
	@echo 'make bench-failover   qarb beside corosync-qdevice, an hour or more; bench-sim'
	@echo 'make bench-cost       CPU, memory and I/O of an idle node; bench-scale: 2 to 64 nodes'
	@echo 'make install          prefix=$(prefix) sbindir= mandir= unitdir=$(unitdir) DESTDIR='
	@echo '                      (before uninstall: systemctl disable --now qarbd qarb-fence-bridge)'
	@echo 'make uninstall clean  V=1 shows commands, WERROR=1 makes warnings errors, BUILD= other folder'
