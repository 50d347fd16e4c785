-- +goose Up
-- Where a version can be tried, and for how long at a time.
ALTER TABLE solution_versions ADD COLUMN trial_url text NOT NULL DEFAULT '', ADD COLUMN trial_notes text NOT NULL DEFAULT '', ADD COLUMN trial_hours bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT solution_versions_trial CHECK ((trial_url = '') = (trial_hours = 0) AND trial_hours BETWEEN 0 AND 720);
-- Whether whoever asks is let in at once: the firm's rule.
ALTER TABLE solutions ADD COLUMN trial_automatic boolean NOT NULL DEFAULT false;
-- That somebody of the operator tries a solution: asked, let in, ended. What it
-- leads to is looked up at each use; each use is counted here.
CREATE TABLE trials (
  province_id uuid NOT NULL, id uuid NOT NULL, solution_id uuid NOT NULL, version_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, label text NOT NULL,
  user_id uuid NOT NULL, user_name text NOT NULL, tenant_id uuid NOT NULL, tenant_name text NOT NULL, reason text NOT NULL, state text NOT NULL, note text NOT NULL DEFAULT '',
  code text NOT NULL DEFAULT '', asked_at timestamptz NOT NULL, decided_at timestamptz, decided_by text NOT NULL DEFAULT '', ends_at timestamptz, opens bigint NOT NULL DEFAULT 0, first_at timestamptz, last_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT trials_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT trials_state CHECK (state IN ('asked', 'granted', 'refused', 'withdrawn')),
  CONSTRAINT trials_granted CHECK (state <> 'granted' OR (code <> '' AND ends_at IS NOT NULL)),
  CONSTRAINT trials_reason CHECK (reason <> ''),
  CONSTRAINT trials_version FOREIGN KEY (province_id, version_id) REFERENCES solution_versions (province_id, id)
);
CREATE UNIQUE INDEX trials_asked_once ON trials (province_id, solution_id, user_id) WHERE state = 'asked';
CREATE INDEX trials_of_solution ON trials (province_id, solution_id, asked_at);
CREATE INDEX trials_of_person ON trials (province_id, user_id, asked_at);
CREATE INDEX trials_of_firm ON trials (province_id, partner_id, asked_at);
CALL secure('trials', 'path', 'owner');
REVOKE INSERT ON trials FROM portal_partner;
REVOKE DELETE ON trials FROM portal_system;
-- +goose Down
DROP TABLE trials;
