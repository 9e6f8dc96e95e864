-- What PostgreSQL knows. peerbench puts the policy in for @NAME@ in authorize_tips.sql; a new
-- policy is a new function.

DROP SCHEMA IF EXISTS tips CASCADE;
CREATE SCHEMA tips;
SET search_path = tips;

-- Room for updates in place: no index changes with a total.
CREATE TABLE payers (
  payer_id    bigint PRIMARY KEY,
  facts       int    NOT NULL,          -- 1 verified, 2 adult, 4 youth mode, 8 frozen, 16 paused
  day         date   NOT NULL DEFAULT '-infinity',
  day_total   bigint NOT NULL DEFAULT 0,
  month       date   NOT NULL DEFAULT '-infinity',
  month_total bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE sessions (
  session_id        bigint PRIMARY KEY,
  streamer_id       bigint NOT NULL,
  streamer_payer_id bigint NOT NULL,    -- the streamer's own person
  facts             int    NOT NULL,    -- 1 streamer available, 2 suspended, 4 open
  end_time          timestamptz NOT NULL,
  cap               bigint NOT NULL,
  received          bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

-- On sale.
CREATE TABLE gifts (
  gift_id    bigint PRIMARY KEY,
  unit_price bigint NOT NULL
);

-- A row while everything is stopped.
CREATE TABLE stops (reason text NOT NULL);

-- Each tip with its first answer.
CREATE TABLE tips (
  idempotency_key text COLLATE "C" PRIMARY KEY,
  payer_id    bigint NOT NULL,
  streamer_id bigint NOT NULL,
  session_id  bigint NOT NULL,
  gift_id     bigint NOT NULL,
  unit_price  bigint NOT NULL,
  count       bigint NOT NULL,
  code        smallint NOT NULL,        -- 0 accepted, otherwise the first rule that refuses
  day_total   bigint NOT NULL,
  month_total bigint NOT NULL,
  decide_time timestamptz NOT NULL
);

CREATE TYPE answer AS (code int, day_total bigint, month_total bigint);
