-- Sign-ins to 32 accounts in turn (accounts.py), from a program that takes next to no time itself. For a server that trusts this one as
-- its proxy each comes from another address, of those meant for benchmarks (RFC 2544): sign-ins that are given up when wrk ends
-- count against an address, as wrong passwords do.
local threads = 0
setup = function(thread)
   threads = threads + 1
   thread:set("count", (threads - 1) * 32784)
end
request = function()
   count = count + 1
   local address = string.format("198.%d.%d.%d", 18, math.floor(count / 256) % 256, count % 256)
   local body = string.format('{"email":"person%d@example.com","password":"correct horse battery"}', count % 32)
   return wrk.format("POST", "/auth/sign-in", {["Content-Type"] = "application/json", ["X-Forwarded-For"] = address}, body)
end
