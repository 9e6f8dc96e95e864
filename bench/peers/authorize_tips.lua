-- Decides on tips, one or many, in their order. KEYS of each tip: the key's, the payer's, the
-- session's. ARGV of each: payer_id, streamer_id, gift_id, unit price, count. Answers three
-- integers a tip: the first rule that refuses (0: accepted, -1: the key was used for another tip),
-- and the payer's totals of the day and of the month.
--
-- Ids stay text: a number of Lua is a double, and an id may be too large for one.
--
-- What peerbench puts in for @NAME@ when it loads the script: the policy. A new policy is a new
-- script.
--
--   k:KEY      string  the tip and its first answer; forgotten after 7 days
--   p:PAYER    hash    f facts, d day, dt its total, m month, mt its total
--   s:SESSION  hash    f facts, o streamer, p the streamer's person, e end, c cap, r received
--   g          hash    gift -> price, of gifts on sale
--   stop       exists while everything is stopped

local GIFT_PRICE_MAX, TIP_MAX = @GIFT_PRICE_MAX@, @TIP_MAX@
local DAY_LIMIT, MONTH_LIMIT = @DAY_LIMIT@, @MONTH_LIMIT@
local UTC_OFFSET, KEY_SECONDS = @UTC_OFFSET@, 7 * 86400

local call, floor, tonumber = redis.call, math.floor, tonumber
local VERIFIED, ADULT, YOUTH_MODE, FROZEN, PAUSED = 1, 2, 4, 8, 16
local AVAILABLE, SUSPENDED, OPEN = 1, 2, 4

local now = tonumber(call('TIME')[1])
local day = floor((now + UTC_OFFSET) / 86400)
local is_stopped = call('EXISTS', 'stop') == 1

local function has(flags, flag) return flags % (2 * flag) >= flag end

-- The number of the civil month that a day lies in (Howard Hinnant's days_from_civil, backwards).
local function month_of(d)
  local z = d + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return (yoe + era * 400 + (month <= 2 and 1 or 0)) * 12 + month
end

-- What many tips of a call share is read once: gifts, and sessions, whose totals are written at the
-- end.
local prices, sessions, received = {}, {}, {}

local function price_of(gift_id)
  local price = prices[gift_id]
  if price == nil then
    price = tonumber(call('HGET', 'g', gift_id)) or false
    prices[gift_id] = price
  end
  return price
end

local function session_of(session_key)
  local session = sessions[session_key]
  if not session then
    session = call('HMGET', session_key, 'f', 'o', 'p', 'e', 'c', 'r')
    for i = 1, 6 do
      if i ~= 2 and i ~= 3 then session[i] = tonumber(session[i]) end
    end
    sessions[session_key] = session
  end
  return session
end

-- The first rule that refuses, in the rulebook's order; 0 if none does.
local function refusal(payer_id, streamer_id, gift_id, price, amount, payer, session, day_total,
                       month_total)
  if is_stopped then return 1 end
  local facts = tonumber(payer[1])
  if facts then
    if not has(facts, ADULT) then return 2 end
    if has(facts, YOUTH_MODE) then return 3 end
  end
  if not facts or not has(facts, VERIFIED) then return 4 end
  if has(facts, FROZEN) then return 5 end
  if has(facts, PAUSED) then return 6 end
  local live = session[1]
  if live then
    if not has(live, AVAILABLE) then return 7 end
    if has(live, SUSPENDED) then return 8 end
  end
  if not live or not has(live, OPEN) or session[2] ~= streamer_id then return 9 end
  if now >= session[4] then return 10 end
  if session[3] == payer_id then return 11 end
  if price_of(gift_id) ~= price then return 12 end
  if price > GIFT_PRICE_MAX then return 13 end
  if amount > TIP_MAX then return 14 end
  if day_total + amount > DAY_LIMIT then return 16 end
  if month_total + amount > MONTH_LIMIT then return 17 end
  if session[6] + amount > session[5] then return 19 end
  return 0
end

local answers = {}
local place, argument = 0, 0
for i = 1, #KEYS, 3 do
  local key, payer_key, session_key = KEYS[i], KEYS[i + 1], KEYS[i + 2]
  local payer_id, streamer_id, gift_id = ARGV[argument + 1], ARGV[argument + 2], ARGV[argument + 3]
  local tip = payer_key .. ' ' .. streamer_id .. ' ' .. session_key .. ' ' .. gift_id .. ' ' ..
    ARGV[argument + 4] .. ' ' .. ARGV[argument + 5]
  local price, count = tonumber(ARGV[argument + 4]), tonumber(ARGV[argument + 5])
  argument = argument + 5
  local code, day_total, month_total
  local known = call('GET', key)
  if known then
    local first, c, d, m = string.match(known, '^(.*) (%-?%d+) (%d+) (%d+)$')
    if first == tip then
      code, day_total, month_total = tonumber(c), tonumber(d), tonumber(m)
    else
      code, day_total, month_total = -1, 0, 0
    end
  else
    local payer = call('HMGET', payer_key, 'f', 'd', 'dt', 'm', 'mt')
    local session = session_of(session_key)
    local month
    if tonumber(payer[2]) == day then
      -- The same day is in the same month.
      month, day_total, month_total = payer[4], tonumber(payer[3]), tonumber(payer[5])
    else
      month, day_total = month_of(day), 0
      month_total = tonumber(payer[4]) == month and tonumber(payer[5]) or 0
    end
    local amount = price * count
    code = refusal(payer_id, streamer_id, gift_id, price, amount, payer, session, day_total,
      month_total)
    if code == 0 then
      day_total, month_total = day_total + amount, month_total + amount
      call('HSET', payer_key, 'd', day, 'dt', day_total, 'm', month, 'mt', month_total)
      session[6] = session[6] + amount
      received[session_key] = session[6]
    end
    call('SET', key, tip .. ' ' .. code .. ' ' .. day_total .. ' ' .. month_total, 'EX',
      KEY_SECONDS)
  end
  answers[place + 1], answers[place + 2], answers[place + 3] = code, day_total, month_total
  place = place + 3
end
for session_key, total in pairs(received) do call('HSET', session_key, 'r', total) end
return answers
