# SPDX-License-Identifier: BSD-2-Clause
# Every test speaks TAP. tests/DIR/test_THING.c is a program of its own with cmocka.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
AM_TESTS_ENVIRONMENT = \
	SONDE='$(abs_top_builddir)/sonde$(EXEEXT)'; export SONDE; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	LC_ALL=C.UTF-8; export LC_ALL; \
	TZ=UTC; export TZ;

LDADD = libsonde.a $(SYSTEM_LIBS) $(CMOCKA_LIBS)

UNIT_TESTS = \
	tests/lab/test_chat \
	tests/lab/test_date

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

tests_lab_test_chat_SOURCES = tests/lab/test_chat.c tests/lab/sweep.h
tests_lab_test_date_SOURCES = tests/lab/test_date.c tests/lab/sweep.h
