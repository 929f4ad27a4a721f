-- New alerts for wrk: so many in each request, none twice. Arguments: webhook or api, alerts a request, name of the run.
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function init(args)
  shape, together, run, sent, refused = args[1], tonumber(args[2]), args[3], 0, 0
end

local LABELS = '{"labels":{"alertname":"Load","service":"s%d","instance":"%s-%d-%d","severity":"P3"},'
  .. '"annotations":{"summary":"a service is unwell"},"startsAt":"%s"%s}'

function request()
  local now, alerts = os.date("!%Y-%m-%dT%H:%M:%SZ"), {}
  for number = 1, together do
    sent = sent + 1
    local over = shape == "api" and "" or ',"endsAt":"0001-01-01T00:00:00Z","status":"firing"'
    alerts[number] = string.format(LABELS, sent % 50, run, id, sent, now, over)
  end
  local body = "[" .. table.concat(alerts, ",") .. "]"
  if shape == "webhook" then
    body = '{"version":"4","receiver":"tocsin","status":"firing","alerts":' .. body .. "}"
  end
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
end

function response(status)
  if status >= 300 then refused = refused + 1 end
end

function done(summary, latency)
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("refused") end
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('\nRESULT {"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"refused":%d,"lost":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    refused, lost))
end
