# SPDX-License-Identifier: BSD-2-Clause
EXTRA_DIST += \
	docs/architecture.md \
	docs/add-a-command.md \
	docs/add-a-protocol.md \
	docs/events.md \
	docs/labs/1-date.md \
	docs/labs/2-observe.md \
	docs/labs/3-broadcast.md \
	docs/labs/4-echo.md \
	docs/labs/5-servers.md \
	docs/labs/6-chat.md \
	docs/labs/7-two-machines.md \
	docs/labs/README.md \
	docs/protocols.md \
	docs/protocols/chat.md \
	docs/protocols/date.md \
	docs/protocols/echo.md
