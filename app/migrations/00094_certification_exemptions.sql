-- +goose Up
-- A check that a solution is spared, or proves by other means, for a reason and
-- until a date. It is never changed but to end it.
CREATE TABLE certification_exemptions (
  province_id uuid NOT NULL, id uuid NOT NULL, solution_id uuid NOT NULL, certification_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  check_code text NOT NULL, check_words jsonb NOT NULL, reason text NOT NULL, evidence text[] NOT NULL DEFAULT '{}', expires_at timestamptz NOT NULL, by_id uuid NOT NULL, by_name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz, ended_by text NOT NULL DEFAULT '', end_reason text NOT NULL DEFAULT '', told text[] NOT NULL DEFAULT '{}', version bigint NOT NULL DEFAULT 1,
  CONSTRAINT certification_exemptions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_exemptions_reason CHECK (reason <> ''),
  CONSTRAINT certification_exemptions_forward CHECK (expires_at > created_at),
  CONSTRAINT certification_exemptions_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CREATE UNIQUE INDEX certification_exemptions_one ON certification_exemptions (province_id, solution_id, check_code) WHERE ended_at IS NULL;
CREATE INDEX certification_exemptions_ending ON certification_exemptions (province_id, expires_at) WHERE ended_at IS NULL;
CALL secure('certification_exemptions', 'path', 'owner');
REVOKE INSERT, UPDATE ON certification_exemptions FROM portal_partner;
REVOKE DELETE ON certification_exemptions FROM portal_system;
-- +goose Down
