# SPDX-License-Identifier: BSD-2-Clause
# Every test speaks TAP. tests/DIR/test_THING.c is a program of its own with cmocka; the rest are scripts.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(top_srcdir)/tests/cmocka-tap
AM_TESTS_ENVIRONMENT = \
	SONDE='$(abs_top_builddir)/sonde$(EXEEXT)'; export SONDE; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	LC_ALL=C.UTF-8; export LC_ALL; \
	TZ=UTC; export TZ;

LDADD = libsonde.a $(SYSTEM_LIBS) $(CMOCKA_LIBS)

UNIT_TESTS = \
	tests/analyse/test_chat_dialogue \
	tests/analyse/test_defrag \
	tests/analyse/test_dialogue \
	tests/analyse/test_dialogue_echo \
	tests/analyse/test_dialogue_pieces \
	tests/analyse/test_echo_transform \
	tests/analyse/test_expect \
	tests/analyse/test_expect_number \
	tests/analyse/test_expect_paired \
	tests/analyse/test_expect_text \
	tests/analyse/test_expect_why \
	tests/analyse/test_compare \
	tests/analyse/test_compare_align \
	tests/analyse/test_compare_tcp \
	tests/analyse/test_flow \
	tests/analyse/test_stats \
	tests/analyse/test_stats_health \
	tests/analyse/test_stream \
	tests/analyse/test_stream_limits \
	tests/analyse/test_tcp \
	tests/analyse/test_tcp_state \
	tests/analyse/test_track_limits \
	tests/base/test_clock \
	tests/base/test_nearest \
	tests/base/test_pool \
	tests/base/test_table \
	tests/base/test_text \
	tests/base/test_utf8 \
	tests/io/test_bpf \
	tests/io/test_capture \
	tests/io/test_capture_save \
	tests/io/test_follow \
	tests/io/test_interfaces \
	tests/io/test_live \
	tests/io/test_many \
	tests/io/test_packed \
	tests/io/test_pcapng_bad \
	tests/io/test_pcapng_edit \
	tests/io/test_pcapng_edit_comments \
	tests/io/test_pcapng_owners \
	tests/io/test_privilege \
	tests/io/test_ring \
	tests/io/test_ring_frame \
	tests/io/test_sink \
	tests/io/test_sink_copy \
	tests/io/test_sink_full \
	tests/io/test_sink_rotate \
	tests/io/test_source_file \
	tests/io/test_source_pcapng \
	tests/io/test_source_socket \
	tests/lab/test_chat \
	tests/lab/test_date \
	tests/lab/test_whole \
	tests/base/test_address \
	tests/sockets/test_sockopt_words \
	tests/net/test_connect \
	tests/net/test_endpoint \
	tests/net/test_resolve \
	tests/net/test_reverse \
	tests/net/test_sock \
	tests/net/test_sock_many \
	tests/net/test_uring \
	tests/packet/test_dissect \
	tests/packet/test_filter \
	tests/packet/test_filter_errors \
	tests/packet/test_filter_names \
	tests/packet/test_keep \
	tests/packet/test_parse \
	tests/packet/test_tables \
	tests/play/test_broadcast \
	tests/play/test_chat_client \
	tests/play/test_chat_client_ends \
	tests/play/test_chat_peer \
	tests/play/test_client_date \
	tests/play/test_client_date_tcp \
	tests/play/test_client_echo \
	tests/play/test_client_echo_tcp \
	tests/play/test_clients \
	tests/play/test_connection \
	tests/play/test_demo \
	tests/play/test_echo_compare \
	tests/play/test_lines \
	tests/play/test_listen \
	tests/play/test_loop \
	tests/play/test_model_fork \
	tests/play/test_models \
	tests/play/test_server \
	tests/play/test_server_many \
	tests/play/test_service_chat \
	tests/play/test_service_chat_limits \
	tests/play/test_service_date \
	tests/play/test_service_echo \
	tests/play/test_together \
	tests/probe/test_answer \
	tests/probe/test_answer_extension \
	tests/probe/test_craft \
	tests/probe/test_craft_keys \
	tests/probe/test_hops \
	tests/probe/test_match \
	tests/probe/test_match_direct \
	tests/probe/test_match_translated \
	tests/probe/test_mda \
	tests/probe/test_probe \
	tests/probe/test_trace \
	tests/probe/test_trace_mda \
	tests/probe/test_trace_mtu \
	tests/probe/test_trace_rounds \
	tests/probe/test_wire \
	tests/probe/test_wire_extension \
	tests/probe/test_wire_parts \
	tests/render/test_fields \
	tests/render/test_json \
	tests/render/test_ladder \
	tests/render/test_line \
	tests/render/test_path \
	tests/render/test_path_json \
	tests/render/test_paths \
	tests/sockets/test_holders \
	tests/sockets/test_peers \
	tests/sockets/test_port \
	tests/sockets/test_program_cgroup \
	tests/sockets/test_owners \
	tests/sockets/test_inspect \
	tests/sockets/test_process \
	tests/sockets/test_watch \
	tests/sockets/test_registrar \
	tests/render/test_report \
	tests/render/test_time \
	tests/render/test_tree \
	tests/render/test_value \
	tests/sockets/test_columns \
	tests/sockets/test_ss_filter \
	tests/sockets/test_socktable \
	tests/sockets/test_socktable_bytes \
	tests/sockets/test_socktable_find \
	tests/sockets/test_socktable_kinds \
	tests/sockets/test_sockopt \
	tests/sockets/test_sockopt_names

UNIT_TESTS += tests/sockets/test_supervise

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

tests_sockets_test_supervise_SOURCES = tests/sockets/test_supervise.c tests/sockets/supervised.h
tests_analyse_test_chat_dialogue_SOURCES = tests/analyse/test_chat_dialogue.c tests/analyse/talking.c tests/analyse/talking.h
tests_analyse_test_dialogue_SOURCES = tests/analyse/test_dialogue.c tests/analyse/talking.c tests/analyse/talking.h
tests_analyse_test_dialogue_pieces_SOURCES = tests/analyse/test_dialogue_pieces.c tests/analyse/talking.c tests/analyse/talking.h
tests_analyse_test_dialogue_echo_SOURCES = tests/analyse/test_dialogue_echo.c tests/analyse/talking.c tests/analyse/talking.h
tests_analyse_test_expect_SOURCES = tests/analyse/test_expect.c tests/analyse/expecting.h
tests_analyse_test_expect_paired_SOURCES = tests/analyse/test_expect_paired.c tests/analyse/expecting.h
tests_analyse_test_expect_why_SOURCES = tests/analyse/test_expect_why.c tests/analyse/expecting.h
tests_analyse_test_compare_SOURCES = tests/analyse/test_compare.c tests/analyse/comparing.h
tests_analyse_test_compare_tcp_SOURCES = tests/analyse/test_compare_tcp.c tests/analyse/comparing.h
tests_analyse_test_stream_SOURCES = tests/analyse/test_stream.c tests/analyse/streaming.h
tests_analyse_test_stream_limits_SOURCES = tests/analyse/test_stream_limits.c tests/analyse/streaming.h
tests_analyse_test_flow_SOURCES = tests/analyse/test_flow.c tests/analyse/following.h
tests_analyse_test_tcp_SOURCES = tests/analyse/test_tcp.c tests/analyse/following.h
tests_analyse_test_tcp_state_SOURCES = tests/analyse/test_tcp_state.c tests/analyse/following.h
tests_analyse_test_track_limits_SOURCES = tests/analyse/test_track_limits.c tests/analyse/talking.c tests/analyse/talking.h
tests_analyse_test_stats_SOURCES = tests/analyse/test_stats.c tests/analyse/counting.h
tests_analyse_test_stats_health_SOURCES = tests/analyse/test_stats_health.c tests/analyse/counting.h
tests_io_test_capture_SOURCES = tests/io/test_capture.c tests/io/feed.h
tests_io_test_capture_save_SOURCES = tests/io/test_capture_save.c tests/io/feed.h
tests_io_test_follow_SOURCES = tests/io/test_follow.c tests/io/build.h
tests_io_test_interfaces_SOURCES = tests/io/test_interfaces.c tests/io/net.h
tests_io_test_live_SOURCES = tests/io/test_live.c tests/io/net.h
tests_io_test_many_SOURCES = tests/io/test_many.c tests/io/net.h
tests_io_test_packed_SOURCES = tests/io/test_packed.c tests/io/build.h
tests_io_test_pcapng_bad_SOURCES = tests/io/test_pcapng_bad.c tests/io/build.h
tests_io_test_pcapng_edit_SOURCES = tests/io/test_pcapng_edit.c tests/io/build.h tests/io/editing.h
tests_io_test_pcapng_edit_comments_SOURCES = tests/io/test_pcapng_edit_comments.c tests/io/build.h tests/io/editing.h
tests_io_test_pcapng_owners_SOURCES = tests/io/test_pcapng_owners.c tests/io/build.h tests/io/sinking.h
tests_io_test_ring_SOURCES = tests/io/test_ring.c tests/io/net.h
tests_io_test_ring_frame_SOURCES = tests/io/test_ring_frame.c tests/io/net.h
tests_io_test_sink_SOURCES = tests/io/test_sink.c tests/io/sinking.h
tests_io_test_sink_copy_SOURCES = tests/io/test_sink_copy.c tests/io/sinking.h
tests_io_test_sink_full_SOURCES = tests/io/test_sink_full.c tests/io/sinking.h
tests_io_test_sink_rotate_SOURCES = tests/io/test_sink_rotate.c tests/io/sinking.h
tests_io_test_source_socket_SOURCES = tests/io/test_source_socket.c tests/io/net.h
tests_io_test_source_file_SOURCES = tests/io/test_source_file.c tests/io/build.h
tests_io_test_source_pcapng_SOURCES = tests/io/test_source_pcapng.c tests/io/build.h
tests_lab_test_chat_SOURCES = tests/lab/test_chat.c tests/lab/sweep.h
tests_lab_test_date_SOURCES = tests/lab/test_date.c tests/lab/sweep.h
tests_net_test_connect_SOURCES = tests/net/test_connect.c tests/net/own.h tests/net/telling.h
tests_net_test_endpoint_SOURCES = tests/net/test_endpoint.c tests/net/own.h tests/net/telling.h
tests_sockets_test_peers_SOURCES = tests/sockets/test_peers.c tests/sockets/tabling.h tests/net/numbered.h tests/net/own.h tests/net/telling.h
tests_sockets_test_watch_SOURCES = tests/sockets/test_watch.c tests/net/numbered.h tests/net/own.h tests/net/telling.h
tests_sockets_test_program_cgroup_SOURCES = tests/sockets/test_program_cgroup.c
tests_sockets_test_port_SOURCES = tests/sockets/test_port.c tests/sockets/holding.h tests/net/own.h tests/net/telling.h
tests_net_test_resolve_SOURCES = tests/net/test_resolve.c tests/net/own.h tests/net/telling.h
tests_net_test_reverse_SOURCES = tests/net/test_reverse.c tests/net/numbered.h
tests_net_test_sock_SOURCES = tests/net/test_sock.c tests/net/telling.h
tests_net_test_sock_many_SOURCES = tests/net/test_sock_many.c tests/net/telling.h
tests_packet_test_filter_SOURCES = tests/packet/test_filter.c tests/packet/filtering.h
tests_packet_test_filter_errors_SOURCES = tests/packet/test_filter_errors.c tests/packet/filtering.h
tests_sockets_test_holders_SOURCES = tests/sockets/test_holders.c tests/sockets/holding.h tests/net/own.h
tests_sockets_test_owners_SOURCES = tests/sockets/test_owners.c tests/sockets/owning.h
tests_sockets_test_registrar_SOURCES = tests/sockets/test_registrar.c tests/sockets/owning.h
tests_sockets_test_process_SOURCES = tests/sockets/test_process.c tests/sockets/holding.h tests/net/own.h
tests_play_test_broadcast_SOURCES = tests/play/test_broadcast.c tests/play/hearing.h tests/play/peers.h tests/play/networks.h
tests_play_test_chat_client_SOURCES = tests/play/test_chat_client.c tests/play/chat_world.h
tests_play_test_chat_client_ends_SOURCES = tests/play/test_chat_client_ends.c tests/play/chat_world.h
tests_play_test_client_date_SOURCES = tests/play/test_client_date.c tests/play/asking_date.h tests/play/hearing.h tests/play/peers.h
tests_play_test_client_date_tcp_SOURCES = tests/play/test_client_date_tcp.c tests/play/asking_date.h tests/play/hearing.h tests/play/peers.h tests/play/networks.h
tests_play_test_client_echo_SOURCES = tests/play/test_client_echo.c tests/play/asking_echo.h tests/play/hearing.h tests/play/peers.h
tests_play_test_client_echo_tcp_SOURCES = tests/play/test_client_echo_tcp.c tests/play/asking_echo.h tests/play/hearing.h tests/play/peers.h
tests_play_test_clients_SOURCES = tests/play/test_clients.c tests/play/hearing.h tests/play/peers.h
tests_play_test_demo_SOURCES = tests/play/test_demo.c tests/play/peers.h tests/play/networks.h
tests_play_test_listen_SOURCES = tests/play/test_listen.c tests/play/hearing.h tests/play/peers.h tests/play/networks.h
tests_play_test_service_chat_SOURCES = tests/play/test_service_chat.c tests/play/chat_stage.h tests/play/wires.h
tests_play_test_service_chat_limits_SOURCES = tests/play/test_service_chat_limits.c tests/play/chat_stage.h tests/play/wires.h
tests_play_test_service_date_SOURCES = tests/play/test_service_date.c tests/play/wires.h
tests_play_test_service_echo_SOURCES = tests/play/test_service_echo.c tests/play/wires.h
tests_play_test_connection_SOURCES = tests/play/test_connection.c tests/play/wires.h
tests_play_test_loop_SOURCES = tests/play/test_loop.c tests/play/served.h
tests_play_test_model_fork_SOURCES = tests/play/test_model_fork.c tests/play/modelled.h tests/play/served.h
tests_play_test_models_SOURCES = tests/play/test_models.c tests/play/modelled.h tests/play/served.h
tests_play_test_server_SOURCES = tests/play/test_server.c tests/play/served.h
tests_play_test_server_many_SOURCES = tests/play/test_server_many.c tests/play/served.h
tests_probe_test_craft_SOURCES = tests/probe/test_craft.c tests/probe/crafting.h
tests_probe_test_craft_keys_SOURCES = tests/probe/test_craft_keys.c tests/probe/crafting.h
tests_probe_test_probe_SOURCES = tests/probe/test_probe.c tests/probe/crafting.h
SIMULATED = tests/probe/simulated.c tests/probe/simulated.h
tests_probe_test_hops_SOURCES = tests/probe/test_hops.c $(SIMULATED)
tests_probe_test_trace_SOURCES = tests/probe/test_trace.c $(SIMULATED)
tests_probe_test_trace_mda_SOURCES = tests/probe/test_trace_mda.c $(SIMULATED)
tests_probe_test_trace_mtu_SOURCES = tests/probe/test_trace_mtu.c $(SIMULATED)
tests_probe_test_trace_rounds_SOURCES = tests/probe/test_trace_rounds.c $(SIMULATED)
tests_probe_test_wire_SOURCES = tests/probe/test_wire.c tests/probe/wiring.h tests/play/hearing.h tests/play/networks.h tests/play/peers.h
tests_probe_test_wire_extension_SOURCES = tests/probe/test_wire_extension.c tests/probe/wiring.h tests/play/hearing.h tests/play/networks.h tests/play/peers.h
tests_probe_test_wire_parts_SOURCES = tests/probe/test_wire_parts.c tests/probe/wiring.h tests/play/hearing.h tests/play/networks.h tests/play/peers.h
tests_probe_test_answer_SOURCES = tests/probe/test_answer.c tests/probe/answering.h
tests_probe_test_answer_extension_SOURCES = tests/probe/test_answer_extension.c tests/probe/answering.h
tests_probe_test_match_SOURCES = tests/probe/test_match.c tests/probe/answering.h tests/probe/matching.h
tests_probe_test_match_direct_SOURCES = tests/probe/test_match_direct.c tests/probe/answering.h tests/probe/matching.h
tests_probe_test_match_translated_SOURCES = tests/probe/test_match_translated.c tests/probe/answering.h tests/probe/matching.h
tests_render_test_fields_SOURCES = tests/render/test_fields.c tests/render/packets.c tests/render/packets.h
tests_render_test_json_SOURCES = tests/render/test_json.c tests/render/packets.c tests/render/packets.h
tests_render_test_ladder_SOURCES = tests/render/test_ladder.c tests/render/packets.c tests/render/packets.h
tests_render_test_line_SOURCES = tests/render/test_line.c tests/render/packets.c tests/render/packets.h
tests_render_test_path_SOURCES = tests/render/test_path.c tests/render/probing.h tests/net/numbered.h
tests_render_test_path_json_SOURCES = tests/render/test_path_json.c tests/render/hopping.h tests/render/probing.h tests/net/numbered.h
tests_render_test_paths_SOURCES = tests/render/test_paths.c tests/render/hopping.h tests/render/probing.h tests/net/numbered.h
tests_render_test_report_SOURCES = tests/render/test_report.c tests/render/hopping.h tests/render/probing.h tests/net/numbered.h
tests_render_test_time_SOURCES = tests/render/test_time.c tests/render/packets.c tests/render/packets.h
tests_render_test_tree_SOURCES = tests/render/test_tree.c tests/render/packets.c tests/render/packets.h
tests_render_test_value_SOURCES = tests/render/test_value.c tests/render/packets.c tests/render/packets.h
tests_sockets_test_socktable_SOURCES = tests/sockets/test_socktable.c tests/sockets/stranger.h $(TABLING)
tests_sockets_test_socktable_bytes_SOURCES = tests/sockets/test_socktable_bytes.c tests/sockets/sound.h $(TABLING)
tests_sockets_test_socktable_find_SOURCES = tests/sockets/test_socktable_find.c $(TABLING)
tests_sockets_test_socktable_kinds_SOURCES = tests/sockets/test_socktable_kinds.c $(TABLING)
TABLING = tests/sockets/tabling.h tests/net/numbered.h tests/net/own.h tests/net/telling.h
tests_sockets_test_inspect_SOURCES = tests/sockets/test_inspect.c tests/sockets/rows.h
tests_sockets_test_sockopt_SOURCES = tests/sockets/test_sockopt.c tests/sockets/rows.h tests/sockets/walking.h
tests_sockets_test_sockopt_names_SOURCES = tests/sockets/test_sockopt_names.c tests/sockets/rows.h

# ------------------------------------------------------------------------------------------------ goldens, sweeps, fuzzing

HARNESS = tests/golden/brief tests/golden/cut tests/golden/ends tests/packet/sweep tests/probe/crafted tests/fuzz/seed_dissect
check_PROGRAMS += $(HARNESS) $(FUZZ_TARGETS)
tests_golden_brief_SOURCES = tests/golden/brief.c tests/golden/captures.c tests/golden/captures.h
tests_golden_ends_SOURCES = tests/golden/ends.c tests/golden/captures.c tests/golden/captures.h
tests_golden_cut_SOURCES = tests/golden/cut.c tests/golden/captures.c tests/golden/captures.h
tests_packet_sweep_SOURCES = tests/packet/sweep.c
tests_probe_crafted_SOURCES = tests/probe/crafted.c tests/probe/crafting.h
tests_fuzz_seed_dissect_SOURCES = tests/fuzz/seed_dissect.c tests/fuzz/dissect_input.h

FUZZ_TARGETS = tests/fuzz/fuzz_answer tests/fuzz/fuzz_dissect tests/fuzz/fuzz_file tests/fuzz/fuzz_filter tests/fuzz/fuzz_play \
	tests/fuzz/fuzz_rewrite tests/fuzz/fuzz_sockets tests/fuzz/fuzz_stream
tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz_answer.c
tests_fuzz_fuzz_dissect_SOURCES = tests/fuzz/fuzz_dissect.c tests/fuzz/dissect_input.h
tests_fuzz_fuzz_file_SOURCES = tests/fuzz/fuzz_file.c
tests_fuzz_fuzz_filter_SOURCES = tests/fuzz/fuzz_filter.c tests/fuzz/dissect_input.h
tests_fuzz_fuzz_play_SOURCES = tests/fuzz/fuzz_play.c \
	tests/fuzz/play_chat.c \
	tests/fuzz/play_clients.c \
	tests/fuzz/play_input.h \
	tests/fuzz/play_lines.c \
	tests/fuzz/play_order.c \
	tests/fuzz/play_services.c \
	tests/fuzz/play_world.c \
	tests/fuzz/play_world.h
tests_fuzz_fuzz_rewrite_SOURCES = tests/fuzz/fuzz_rewrite.c
tests_fuzz_fuzz_sockets_SOURCES = tests/fuzz/fuzz_sockets.c tests/sockets/sound.h
tests_fuzz_fuzz_stream_SOURCES = tests/fuzz/fuzz_stream.c \
	tests/fuzz/stream_fragments.c \
	tests/fuzz/stream_input.h \
	tests/fuzz/stream_segments.c
tests_fuzz_fuzz_answer_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_dissect_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_file_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_filter_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_play_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_sockets_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_stream_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_rewrite_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
if !FUZZ
# Without an engine the targets replay files.
tests_fuzz_fuzz_answer_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_dissect_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_file_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_filter_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_play_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_sockets_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_stream_SOURCES += tests/fuzz/replay_main.c
tests_fuzz_fuzz_rewrite_SOURCES += tests/fuzz/replay_main.c
endif

# ------------------------------------------------------------------------------------------------ scripts

SCRIPT_TESTS = \
	tests/check/documents \
	tests/check/fields_in_goldens \
	tests/check/measure \
	tests/check/ranks \
	tests/check/symbols \
	tests/differential/filters \
	tests/differential/follow \
	tests/differential/sockets \
	tests/differential/stats \
	tests/differential/tcp \
	tests/docs/labs \
	tests/expect/run \
	tests/golden/run \
	tests/interop/run \
	tests/net/test_networks \
	tests/net/test_path \
	tests/packet/sweep_goldens \
	tests/play/roles \
	tests/probe/run \
	tests/sockets/run_twins \
	tests/sockets/run_unchanged

HARNESS_TESTS = tests/golden/brief tests/golden/cut tests/golden/ends

REPLAY_TESTS = \
	tests/fuzz/replay_answer \
	tests/fuzz/replay_dissect \
	tests/fuzz/replay_file \
	tests/fuzz/replay_filter \
	tests/fuzz/replay_play \
	tests/fuzz/replay_rewrite \
	tests/fuzz/replay_sockets \
	tests/fuzz/replay_stream

BATS_TESTS = \
	tests/command/capture.bats \
	tests/command/convert.bats \
	tests/command/diff.bats \
	tests/command/errors.bats \
	tests/command/events.bats \
	tests/command/expect.bats \
	tests/command/expect_live.bats \
	tests/command/explain.bats \
	tests/command/filter.bats \
	tests/command/follow.bats \
	tests/command/help.bats \
	tests/command/info.bats \
	tests/command/merge.bats \
	tests/command/proc.bats \
	tests/command/ladder.bats \
	tests/command/output.bats \
	tests/command/owners.bats \
	tests/command/players.bats \
	tests/command/read.bats \
	tests/command/roles.bats \
	tests/command/sockopts.bats \
	tests/command/run.bats \
	tests/command/stats.bats \
	tests/command/sockets.bats \
	tests/command/trace.bats \
	tests/command/watch.bats \
	tests/command/write.bats \
	tests/docs/tutorials.bats \
	tests/peers/two-hosts.bats \
	tests/probe/crafted.bats

TESTS += $(SCRIPT_TESTS) $(HARNESS_TESTS)
if !FUZZ
TESTS += $(REPLAY_TESTS)
endif
if HAVE_BATS
TESTS += $(BATS_TESTS)
endif

TEST_EXTENSIONS = .bats
BATS_LOG_DRIVER = $(LOG_DRIVER)
BATS_LOG_COMPILER = $(BATS) --tap

EXTRA_DIST += $(SCRIPT_TESTS) $(REPLAY_TESTS) $(BATS_TESTS) \
	tests/check/tap.py \
	tests/cmocka-tap \
	tests/command/common.bash \
	tests/command/flows.py \
	tests/command/keys.py \
	tests/command/live.bash \
	tests/command/many.py \
	tests/command/options.py \
	tests/command/refusing.py \
	tests/command/play.bash \
	tests/command/rewrite.py \
	tests/command/sockets.py \
	tests/differential/connections.py \
	tests/differential/filter_reasons.py \
	tests/differential/filter_table.py \
	tests/differential/filters.lua \
	tests/differential/filters.txt \
	tests/differential/known.py \
	tests/differential/socket_tables.py \
	tests/differential/socket_world.py \
	tests/docs/terminals.py \
	tests/expect/mistakes.py \
	tests/expect/played.py \
	tests/fuzz/corpus \
	tests/golden/accept \
	tests/golden/captures_dialogue.py \
	tests/golden/captures_lab.py \
	tests/golden/captures_link.py \
	tests/golden/captures_messages.py \
	tests/golden/captures_net.py \
	tests/golden/captures_proc.py \
	tests/golden/captures_stream.py \
	tests/golden/captures_tcp.py \
	tests/golden/captures_tunnel.py \
	tests/golden/files.py \
	tests/golden/golden.py \
	tests/golden/make_captures.py \
	tests/golden/wire.py \
	tests/interop/asking.py \
	tests/interop/broadcast.py \
	tests/interop/peers.py \
	tests/interop/programs.py \
	tests/interop/served.py \
	tests/net/checking.py \
	tests/net/packets.py \
	tests/net/path.py \
	tests/net/played.py \
	tests/net/probes.py \
	tests/net/routed.py \
	tests/net/router.py \
	tests/peers/two-hosts \
	tests/play/hosts.py \
	tests/play/record \
	tests/play/roles.py \
	tests/probe/branching.py \
	tests/probe/chains.py \
	tests/probe/judging.py \
	tests/probe/refusals.py \
	tests/probe/tricks.py \
	pcaps

# Beside tshark, over the captures of ../shared/captures as well: that takes minutes.
differential: sonde$(EXEEXT)
	DIFFERENTIAL=all $(MAKE) $(AM_MAKEFLAGS) check \
		TESTS='tests/differential/filters tests/differential/follow tests/differential/stats tests/differential/tcp'
.PHONY: differential
