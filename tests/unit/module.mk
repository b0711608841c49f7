# SPDX-License-Identifier: GPL-2.0-or-later
# test_<stem>.c: one cmocka program each, linked with all rooms; other .c files go to every test.
PKGS.tests/unit := cmocka libqb libvotequorum libcmap libcpg blkid libxml-2.0
LDFLAGS.test_confmap := -Wl,--wrap=cmap_initialize,--wrap=cmap_finalize,--wrap=cmap_fd_get,--wrap=cmap_track_add,--wrap=cmap_get,--wrap=cmap_get_uint8,--wrap=cmap_iter_init,--wrap=cmap_iter_next,--wrap=cmap_iter_finalize,--wrap=peer_trusted
LDFLAGS.test_guardian := -Wl,--wrap=fork,--wrap=svclog_direct,--wrap=decider_run,--wrap=voter_run,--wrap=service_run,--wrap=selfend_open,--wrap=proc_lock_memory,--wrap=sched_setscheduler
LDFLAGS.test_service := -Wl,--wrap=cluster_start,--wrap=svcipc_open,--wrap=qb_loop_create,--wrap=qb_loop_run,--wrap=svclog_open,--wrap=svclog_write,--wrap=svclog_close,--wrap=recorder_open,--wrap=blackbox_save
LDFLAGS.test_nowayout := -Wl,--wrap=ioctl,--wrap=selfend_find
