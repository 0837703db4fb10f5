# SPDX-License-Identifier: BSD-2-Clause
# Built and run by `make bench` only; options go in BENCHFLAGS (see bench/run --help), UNDERSTANDFLAGS (see
# bench/understand --help), TRACEFLAGS (see bench/trace --help), SOCKETFLAGS (see bench/sockets --help), ATTRIBUTIONFLAGS
# (see bench/attribution --help) and PLAYFLAGS (see bench/players --help).
EXTRA_PROGRAMS = bench/crowd bench/generate bench/flood bench/load bench/measure bench/talks
bench_crowd_SOURCES = bench/clock.h bench/crowd.c
bench_crowd_LDADD =
bench_generate_SOURCES = bench/generate.c bench/mix.c bench/mix.h
bench_generate_LDADD = libsonde.a $(SYSTEM_LIBS)
bench_flood_SOURCES = bench/clock.h bench/flood.c bench/mix.c bench/mix.h
bench_flood_LDADD = libsonde.a $(SYSTEM_LIBS)
bench_load_SOURCES = bench/load.c bench/load.h bench/load_chat.c bench/load_tcp.c bench/load_udp.c
bench_load_LDADD =
bench_measure_SOURCES = bench/measure.c
bench_measure_LDADD =
bench_talks_SOURCES = bench/talks.c
bench_talks_LDADD =
EXTRA_DIST += bench/attribution bench/echo_server.py bench/players bench/run bench/sockets bench/table.py bench/trace \
	bench/understand
CLEANFILES += $(EXTRA_PROGRAMS)
BENCHFLAGS =
ATTRIBUTIONFLAGS =
PLAYFLAGS =
SOCKETFLAGS =
TRACEFLAGS =
UNDERSTANDFLAGS =

bench: sonde$(EXEEXT) $(EXTRA_PROGRAMS)
	status=0; \
	$(srcdir)/bench/run --build . $(BENCHFLAGS) || status=1; \
	$(srcdir)/bench/understand --build . $(UNDERSTANDFLAGS) || status=1; \
	$(srcdir)/bench/trace --build . $(TRACEFLAGS) || status=1; \
	$(srcdir)/bench/sockets --build . $(SOCKETFLAGS) || status=1; \
	$(srcdir)/bench/players --build . $(PLAYFLAGS) || status=1; \
	$(srcdir)/bench/attribution --build . $(ATTRIBUTIONFLAGS) || status=1; \
	exit $$status
bench-attribution: sonde$(EXEEXT) bench/crowd$(EXEEXT) bench/measure$(EXEEXT)
	$(srcdir)/bench/attribution --build . $(ATTRIBUTIONFLAGS)
bench-players: sonde$(EXEEXT) bench/load$(EXEEXT)
	$(srcdir)/bench/players --build . $(PLAYFLAGS)
bench-understand: sonde$(EXEEXT) $(EXTRA_PROGRAMS)
	$(srcdir)/bench/understand --build . $(UNDERSTANDFLAGS)
bench-sockets: sonde$(EXEEXT)
	$(srcdir)/bench/sockets --build . $(SOCKETFLAGS)
bench-trace: sonde$(EXEEXT)
	$(srcdir)/bench/trace --build . $(TRACEFLAGS)
.PHONY: bench bench-attribution bench-players bench-sockets bench-trace bench-understand
.PHONY: bench bench-attribution bench-players bench-trace bench-understand
