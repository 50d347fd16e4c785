-- +goose Up
ALTER TABLE function_elements ADD COLUMN steps jsonb NOT NULL DEFAULT '[]';

-- So much off for a while, of a solution or of all, by the province or a city;
-- what was taken is counted from the orders that took it.
CREATE TABLE promotions (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, name text NOT NULL, solution_id uuid, solution_name text NOT NULL DEFAULT '', elements text[] NOT NULL DEFAULT '{}',
  ppm bigint NOT NULL, stackable boolean NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL, budget_fen bigint NOT NULL, state text NOT NULL DEFAULT 'active', reason text NOT NULL DEFAULT '',
  made_by uuid NOT NULL, made_by_name text NOT NULL, made_at timestamptz NOT NULL, ended_by_name text NOT NULL DEFAULT '', ended_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT promotions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT promotions_state CHECK (state IN ('active', 'ended')),
  CONSTRAINT promotions_numbers CHECK (ppm BETWEEN 1 AND 500000 AND budget_fen >= 0 AND starts_on <= ends_on)
);
CREATE INDEX promotions_active ON promotions (province_id, ends_on) WHERE state = 'active';
CALL secure('promotions', 'path', 'none');
REVOKE DELETE ON promotions FROM portal_system;

CREATE TABLE promotion_uses (
  province_id uuid NOT NULL, promotion_id uuid NOT NULL, order_id uuid NOT NULL, fen bigint NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT promotion_uses_pkey PRIMARY KEY (province_id, promotion_id, order_id),
  CONSTRAINT promotion_uses_fen CHECK (fen > 0),
  CONSTRAINT promotion_uses_promotion FOREIGN KEY (province_id, promotion_id) REFERENCES promotions (province_id, id),
  CONSTRAINT promotion_uses_order FOREIGN KEY (province_id, order_id) REFERENCES orders (province_id, id)
);
CALL secure('promotion_uses', 'none', 'none', 'SELECT, INSERT');
REVOKE DELETE ON promotion_uses FROM portal_system;
-- +goose Down
DROP TABLE promotion_uses;
DROP TABLE promotions;
ALTER TABLE function_elements DROP COLUMN steps;
