-- +goose Up
-- Demand of several customers, and cities, pooled for an offer: the more units
-- together, the more off for all; nothing is ordered before it closes.
CREATE TABLE group_purchases (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, name text NOT NULL, listing_id uuid NOT NULL, solution_name text NOT NULL, steps jsonb NOT NULL, closes_on date NOT NULL,
  state text NOT NULL, units bigint NOT NULL DEFAULT 0, reached_ppm bigint NOT NULL DEFAULT 0, reason text NOT NULL DEFAULT '', made_by uuid NOT NULL, made_by_name text NOT NULL, made_at timestamptz NOT NULL, closed_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT group_purchases_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT group_purchases_state CHECK (state IN ('open', 'closed', 'cancelled')),
  CONSTRAINT group_purchases_reached CHECK (reached_ppm BETWEEN 0 AND 500000)
);
CREATE INDEX group_purchases_open ON group_purchases (province_id, closes_on) WHERE state = 'open';
CALL secure('group_purchases', 'scope', 'scope');
REVOKE DELETE ON group_purchases FROM portal_system;

CREATE TABLE group_members (
  province_id uuid NOT NULL, group_id uuid NOT NULL, quote_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, partner_id uuid NOT NULL, account_id uuid NOT NULL, account_name text NOT NULL,
  units bigint NOT NULL, min_ppm bigint NOT NULL, state text NOT NULL, by_name text NOT NULL, at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT group_members_pkey PRIMARY KEY (province_id, group_id, quote_id),
  CONSTRAINT group_members_state CHECK (state IN ('joined', 'left', 'reached', 'choice', 'kept', 'declined')),
  CONSTRAINT group_members_group FOREIGN KEY (province_id, group_id) REFERENCES group_purchases (province_id, id),
  CONSTRAINT group_members_quote FOREIGN KEY (province_id, quote_id) REFERENCES quotes (province_id, id)
);
CREATE UNIQUE INDEX group_members_one_at_a_time ON group_members (province_id, quote_id) WHERE state IN ('joined', 'choice');
CREATE UNIQUE INDEX group_members_account_once ON group_members (province_id, group_id, account_id) WHERE state = 'joined' AND account_id <> '00000000-0000-0000-0000-000000000000';
CALL secure('group_members', 'path', 'owner');
REVOKE DELETE ON group_members FROM portal_system;
ALTER TABLE quotes ADD COLUMN group_id uuid, ADD COLUMN group_name text NOT NULL DEFAULT '', ADD COLUMN group_ppm bigint NOT NULL DEFAULT 0;
-- +goose Down
ALTER TABLE quotes DROP COLUMN group_id, DROP COLUMN group_name, DROP COLUMN group_ppm;
DROP TABLE group_members;
DROP TABLE group_purchases;
