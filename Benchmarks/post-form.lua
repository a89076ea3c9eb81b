-- POST of the contact form as a browser sends it, each another.
local count = 0
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Accept"] = "text/html"
request = function()
   count = count + 1
   return wrk.format("POST", "/forms/contact", nil,
      "name=Ada+" .. count .. "&email=ada%40example.com&message=Do+you+ship+to+Malta%3F&_trap=")
end
