# SPDX-License-Identifier: BSD-2-Clause
# Built and run by `make bench` only; PACKETS, RUNS and the like go in BENCHFLAGS (see bench/run --help).
EXTRA_PROGRAMS = bench/generate bench/flood bench/measure
bench_generate_SOURCES = bench/generate.c bench/mix.c bench/mix.h
bench_generate_LDADD = libsonde.a $(SYSTEM_LIBS)
bench_flood_SOURCES = bench/flood.c bench/mix.c bench/mix.h
bench_flood_LDADD = libsonde.a $(SYSTEM_LIBS)
bench_measure_SOURCES = bench/measure.c
bench_measure_LDADD =
EXTRA_DIST += bench/run
CLEANFILES += $(EXTRA_PROGRAMS)
BENCHFLAGS =

bench: sonde$(EXEEXT) $(EXTRA_PROGRAMS)
	$(srcdir)/bench/run --build . $(BENCHFLAGS)
.PHONY: bench
