-- SPDX-License-Identifier: BSD-2-Clause
-- For tshark: a listener for each line of the file SONDE_FILTERS. At the end a line for each: N:NUMBERS of the packets
-- that its filter chooses, or N!REASON when there is no such filter.
local index = 0
for filter in io.lines(os.getenv("SONDE_FILTERS")) do
	index = index + 1
	local name, numbers = index, {}
	local taken, tap = pcall(Listener.new, "frame", filter)
	if taken then
		function tap.packet(packet)
			numbers[#numbers + 1] = packet.number
		end
		function tap.draw()
			io.write(name, ":", table.concat(numbers, " "), "\n")
		end
	else
		io.write(name, "!", (tap:gsub("%s+", " ")), "\n")
	end
end
