-- POST of an order as JSON, each another.
local count = 0
wrk.headers["Content-Type"] = "application/json"
request = function()
   count = count + 1
   return wrk.format("POST", "/api/orders", nil,
      string.format('{"customer":"Customer %d","status":"paid","total":"%d.%02d"}', count, count % 900, count % 100))
end
