-- Asks Sallyport whether a request may pass, and keeps the answer in variables: txn.sallyport_status, and one for each
-- header that haproxy.cfg uses.

local ASK = "http://127.0.0.1:9091/authz/forward-auth"
local SENT = { "cookie", "accept", "user-agent", "x-forwarded-for" }
local KEPT = {
  "location", "www-authenticate", "sallyport-location", "remote-user", "remote-account", "remote-aal", "remote-amr",
  "remote-auth-time", "sallyport-assertion"
}

local function values(headers, name)
  local all = {}
  for _, value in pairs(headers[name] or {}) do
    all[#all + 1] = value
  end
  return all
end

core.register_action("sallyport", { "http-req" }, function(txn)
  local request = txn.http:req_get_headers()
  local question = {
    ["x-forwarded-host"] = values(request, "host"),
    ["x-forwarded-method"] = { txn.f:method() },
    ["x-forwarded-uri"] = { txn.f:pathq() },
  }
  for _, name in ipairs(SENT) do
    local sent = values(request, name)
    if #sent > 0 then
      question[name] = { table.concat(sent, name == "cookie" and "; " or ", ") }
    end
  end
  local answer = core.httpclient():get { url = ASK, headers = question, timeout = 3000 }
  txn:set_var("txn.sallyport_status", tostring(answer and answer.status or 0))
  for _, name in ipairs(KEPT) do
    local value = answer and answer.headers and values(answer.headers, name)[1]
    local variable = name:gsub("-", "_")
    txn:set_var("txn.sallyport_" .. variable, value or "")
  end
end)
