-- GET by id, over ids in the file that IDS names, in an order that no cache has seen.
local threads = 0
setup = function(thread)
   threads = threads + 1
   thread:set("place", threads * 1000003)
end
local ids = {}
for line in io.lines(os.getenv("IDS")) do ids[#ids + 1] = "/api/orders/" .. line end
request = function()
   place = (place * 48271) % 2147483647
   return wrk.format("GET", ids[place % #ids + 1])
end
