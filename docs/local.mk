# SPDX-License-Identifier: BSD-2-Clause
EXTRA_DIST += \
	docs/architecture.md \
	docs/add-a-command.md \
	docs/add-a-protocol.md \
	docs/protocols.md \
	docs/protocols/chat.md \
	docs/protocols/date.md \
	docs/protocols/echo.md
