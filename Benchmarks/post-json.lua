-- POST of an order as JSON, each another, with a status in 30/50/20 %.
local count = 0
local status = {"new", "new", "new", "paid", "paid", "paid", "paid", "paid", "shipped", "shipped"}
local headers = {["Content-Type"] = "application/json"}
request = function()
   count = count + 1
   return wrk.format("POST", "/api/orders", headers,
      string.format('{"customer":"Customer %d","status":"%s","total":"%d.%02d"}', count, status[count % 10 + 1], count % 900, count % 100))
end
