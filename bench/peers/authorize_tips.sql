-- Two stored functions: one tip, and many at once. Locks are taken in one order, payers before
-- sessions, each by id, and the rows of sessions last, since everybody wants those of the few
-- popular ones.

SET search_path = tips;

-- The first rule that refuses, in the rulebook's order; 0 if none does. The caller adds what the
-- tip itself moves: day_total and month_total are those with it.
CREATE FUNCTION refusal(is_stopped boolean, payer_facts int, session sessions, payer_id bigint,
                        streamer_id bigint, gift_price bigint, unit_price bigint, count bigint,
                        day_total bigint, month_total bigint, received bigint, now timestamptz)
RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN is_stopped THEN 1
    WHEN payer_facts & 2 = 0 THEN 2
    WHEN payer_facts & 4 <> 0 THEN 3
    WHEN coalesce(payer_facts & 1, 0) = 0 THEN 4
    WHEN payer_facts & 8 <> 0 THEN 5
    WHEN payer_facts & 16 <> 0 THEN 6
    WHEN (session).facts & 1 = 0 THEN 7
    WHEN (session).facts & 2 <> 0 THEN 8
    WHEN coalesce((session).facts & 4, 0) = 0 OR (session).streamer_id <> streamer_id THEN 9
    WHEN now >= (session).end_time THEN 10
    WHEN (session).streamer_payer_id = payer_id THEN 11
    WHEN gift_price IS DISTINCT FROM unit_price THEN 12
    WHEN unit_price > @GIFT_PRICE_MAX@ THEN 13
    WHEN unit_price * count > @TIP_MAX@ THEN 14
    WHEN day_total > @DAY_LIMIT@ THEN 16
    WHEN month_total > @MONTH_LIMIT@ THEN 17
    WHEN received > (session).cap THEN 19
    ELSE 0
  END
$$;

CREATE FUNCTION authorize_tip(a_key text, a_payer_id bigint, a_streamer_id bigint,
                              a_session_id bigint, a_gift_id bigint, a_unit_price bigint,
                              a_count bigint)
RETURNS answer LANGUAGE plpgsql AS $$
DECLARE
  now constant timestamptz := clock_timestamp();
  today constant date := (now AT TIME ZONE '@TIME_ZONE@')::date;
  this_month constant date := date_trunc('month', today)::date;
  amount constant bigint := a_unit_price * a_count;
  payer payers;
  session sessions;
  first tips;
  gift_price bigint;
  result answer;
BEGIN
  -- First of all the payer: whoever repeats a key has the same payer, and waits here for the first
  -- answer.
  SELECT * INTO payer FROM payers WHERE payer_id = a_payer_id FOR NO KEY UPDATE;
  SELECT * INTO first FROM tips WHERE idempotency_key = a_key;
  IF FOUND THEN
    IF (first.payer_id, first.streamer_id, first.session_id, first.gift_id, first.unit_price,
        first.count)
        = (a_payer_id, a_streamer_id, a_session_id, a_gift_id, a_unit_price, a_count) THEN
      RETURN (first.code, first.day_total, first.month_total)::answer;
    END IF;
    RETURN (-1, 0, 0)::answer;
  END IF;
  SELECT * INTO session FROM sessions WHERE session_id = a_session_id;
  SELECT unit_price INTO gift_price FROM gifts WHERE gift_id = a_gift_id;
  result.day_total := CASE WHEN payer.day = today THEN payer.day_total ELSE 0 END;
  result.month_total := CASE WHEN payer.month = this_month THEN payer.month_total ELSE 0 END;
  result.code := refusal(EXISTS (SELECT FROM stops), payer.facts, session, a_payer_id,
    a_streamer_id, gift_price, a_unit_price, a_count, result.day_total + amount,
    result.month_total + amount, session.received + amount, now);
  IF result.code = 0 THEN
    -- Again, now that nobody else moves it: the cap is exact.
    UPDATE sessions SET received = received + amount
      WHERE session_id = a_session_id AND received + amount <= cap;
    IF NOT FOUND THEN
      result.code := 19;
    END IF;
  END IF;
  IF result.code = 0 THEN
    result.day_total := result.day_total + amount;
    result.month_total := result.month_total + amount;
    UPDATE payers SET day = today, day_total = result.day_total, month = this_month,
        month_total = result.month_total
      WHERE payer_id = a_payer_id;
  END IF;
  INSERT INTO tips VALUES (a_key, a_payer_id, a_streamer_id, a_session_id, a_gift_id, a_unit_price,
    a_count, result.code, result.day_total, result.month_total, now);
  RETURN result;
END
$$;

-- Many tips in one transaction. Most batches are all accepted: those are decided by sets, with
-- running totals. Any other, with a refusal or a key that is known, is undone and decided one tip
-- after another.
CREATE FUNCTION authorize_tips(keys text[], payer_ids bigint[], streamer_ids bigint[],
                               session_ids bigint[], gift_ids bigint[], unit_prices bigint[],
                               counts bigint[])
RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  now constant timestamptz := clock_timestamp();
  today constant date := (now AT TIME ZONE '@TIME_ZONE@')::date;
  this_month constant date := date_trunc('month', today)::date;
  is_stopped constant boolean := EXISTS (SELECT FROM stops);
  results answer[];
BEGIN
  PERFORM FROM payers WHERE payer_id = ANY (payer_ids) ORDER BY payer_id FOR NO KEY UPDATE;
  BEGIN
    WITH judged AS (
      SELECT asked.*, unit_price * count AS amount,
        CASE WHEN p.day = today THEN p.day_total ELSE 0 END
          + sum(unit_price * count) OVER payer AS day_total,
        CASE WHEN p.month = this_month THEN p.month_total ELSE 0 END
          + sum(unit_price * count) OVER payer AS month_total,
        refusal(is_stopped, p.facts, s, asked.payer_id, asked.streamer_id, g.price,
          asked.unit_price, asked.count, 0, 0, 0, now) AS code
      FROM unnest(keys, payer_ids, streamer_ids, session_ids, gift_ids, unit_prices, counts)
        WITH ORDINALITY AS asked (idempotency_key, payer_id, streamer_id, session_id, gift_id,
                                  unit_price, count, place)
      LEFT JOIN payers p USING (payer_id)
      LEFT JOIN sessions s USING (session_id)
      LEFT JOIN (SELECT gift_id, unit_price FROM gifts) g (gift_id, price) USING (gift_id)
      WINDOW payer AS (PARTITION BY payer_id ORDER BY place)
    ), kept AS (
      INSERT INTO tips SELECT idempotency_key, payer_id, streamer_id, session_id, gift_id,
        unit_price, count, code, day_total, month_total, now FROM judged
    ), paid AS (
      UPDATE payers SET day = today, day_total = moved.day_total, month = this_month,
        month_total = moved.month_total
      FROM (SELECT payer_id, max(day_total) AS day_total, max(month_total) AS month_total
            FROM judged GROUP BY payer_id) moved
      WHERE payers.payer_id = moved.payer_id
    )
    SELECT array_agg((code, day_total, month_total)::answer ORDER BY place) INTO results
    FROM judged;
    IF EXISTS (SELECT FROM unnest(results) r
               WHERE r.code <> 0 OR r.day_total > @DAY_LIMIT@ OR r.month_total > @MONTH_LIMIT@) THEN
      RAISE unique_violation;
    END IF;
    PERFORM FROM sessions WHERE session_id = ANY (session_ids)
      ORDER BY session_id FOR NO KEY UPDATE;
    UPDATE sessions SET received = received + moved.amount
    FROM (SELECT session_id, sum(unit_price * count) AS amount
          FROM unnest(session_ids, unit_prices, counts) AS asked (session_id, unit_price, count)
          GROUP BY session_id) moved
    WHERE sessions.session_id = moved.session_id;
    IF EXISTS (SELECT FROM sessions WHERE session_id = ANY (session_ids) AND received > cap) THEN
      RAISE unique_violation;
    END IF;
    RETURN QUERY SELECT * FROM unnest(results);
    RETURN;
  EXCEPTION WHEN unique_violation THEN
    NULL;
  END;
  PERFORM FROM sessions WHERE session_id = ANY (session_ids) ORDER BY session_id FOR NO KEY UPDATE;
  FOR i IN 1 .. coalesce(array_length(keys, 1), 0) LOOP
    RETURN NEXT authorize_tip(keys[i], payer_ids[i], streamer_ids[i], session_ids[i], gift_ids[i],
      unit_prices[i], counts[i]);
  END LOOP;
END
$$;
