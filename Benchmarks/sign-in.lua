-- Sign-ins to 32 accounts in turn (accounts.py), from a program that takes next to no time itself.
local count = 0
local headers = {["Content-Type"] = "application/json"}
request = function()
   count = count + 1
   local body = string.format('{"email":"person%d@example.com","password":"correct horse battery"}', count % 32)
   return wrk.format("POST", "/auth/sign-in", headers, body)
end
