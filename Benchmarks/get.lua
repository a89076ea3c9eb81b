-- GET by id, over ids in the file that IDS names, in an order that the cache has not seen.
local ids = {}
for line in io.lines(os.getenv("IDS")) do ids[#ids + 1] = "/api/orders/" .. line end
local next = math.random(#ids)
request = function()
   next = (next * 48271) % 2147483647
   return wrk.format("GET", ids[next % #ids + 1])
end
