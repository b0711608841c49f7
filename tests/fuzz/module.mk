# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz_<stem>.c: one libFuzzer program each; other .c files go to every one.
FUZZ_SHELL.fuzz_config := confile config config_arbiter config_check config_evict config_reload config_warn
FUZZ_SHELL.fuzz_hello := hellocpg
