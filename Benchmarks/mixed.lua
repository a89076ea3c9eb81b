-- Four GETs by id, then a POST as JSON. Run in the folder of these scripts.
dofile("post-json.lua")
local post = request
dofile("get.lua")
local get = request
local count = 0
request = function()
   count = count + 1
   return count % 5 == 0 and post() or get()
end
