-- +goose Up
-- What looks as if commission was gamed: raised by the machine with its
-- evidence, held by line, proposed by one person and decided by another.
CREATE TABLE commission_flags (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, number text COLLATE "C" NOT NULL, partner_name text NOT NULL,
  kind text NOT NULL, key text COLLATE "C" NOT NULL, state text NOT NULL DEFAULT 'open', count int NOT NULL, of_count int NOT NULL, proposal text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  proposers uuid[] NOT NULL DEFAULT '{}', proposer_name text NOT NULL DEFAULT '', deciders uuid[] NOT NULL DEFAULT '{}', decider_name text NOT NULL DEFAULT '',
  raised_at timestamptz NOT NULL, decided_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT commission_flags_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT commission_flags_once UNIQUE (province_id, kind, key),
  CONSTRAINT commission_flags_kind CHECK (kind IN ('ring', 'splitting', 'buy_and_cancel')),
  CONSTRAINT commission_flags_state CHECK (state IN ('open', 'proposed', 'upheld', 'cleared')),
  CONSTRAINT commission_flags_second_person CHECK (NOT proposers && deciders AND (state NOT IN ('upheld', 'cleared') OR deciders <> '{}'))
);
CREATE INDEX commission_flags_recent ON commission_flags (province_id, number DESC, id DESC);
CALL secure('commission_flags', 'path', 'none');
CREATE TABLE commission_flag_events (
  province_id uuid NOT NULL, flag_id uuid NOT NULL, event_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  CONSTRAINT commission_flag_events_pkey PRIMARY KEY (province_id, flag_id, event_id),
  CONSTRAINT commission_flag_events_flag FOREIGN KEY (province_id, flag_id) REFERENCES commission_flags (province_id, id),
  CONSTRAINT commission_flag_events_event FOREIGN KEY (province_id, event_id) REFERENCES commission_events (province_id, id)
);
CREATE INDEX commission_flag_events_event ON commission_flag_events (province_id, event_id);
CALL secure('commission_flag_events', 'path', 'none', 'SELECT, INSERT');
REVOKE DELETE ON commission_flags, commission_flag_events FROM portal_system;
ALTER TABLE commission_shares ADD COLUMN frozen boolean NOT NULL DEFAULT false;
-- +goose Down
ALTER TABLE commission_shares DROP COLUMN frozen;
DROP TABLE commission_flag_events, commission_flags;
