# SPDX-License-Identifier: BSD-2-Clause
EXTRA_DIST += \
	docs/architecture.md \
	docs/add-a-command.md \
	docs/add-a-protocol.md \
	docs/compare.md \
	docs/events.md \
	docs/files.md \
	docs/filters.md \
	docs/follow.md \
	docs/expect.md \
	docs/labs/1-date.expect \
	docs/labs/1-date.md \
	docs/labs/2-observe.expect \
	docs/labs/2-observe.md \
	docs/labs/3-broadcast.expect \
	docs/labs/3-broadcast.md \
	docs/labs/4-echo-tcp.expect \
	docs/labs/4-echo-udp.expect \
	docs/labs/4-echo.md \
	docs/labs/5-servers.expect \
	docs/labs/5-servers.md \
	docs/labs/6-chat.expect \
	docs/labs/6-chat.md \
	docs/labs/7-two-machines.expect \
	docs/labs/7-two-machines.md \
	docs/labs/8-traceroute.expect \
	docs/labs/8-traceroute.md \
	docs/labs/README.md \
	docs/labs/pytraceroute.py \
	docs/ladder.md \
	docs/protocols.md \
	docs/protocols/chat.md \
	docs/protocols/date.md \
	docs/protocols/echo.md \
	docs/statistics.md \
	docs/tcp-analysis.md \
	docs/trace.md
