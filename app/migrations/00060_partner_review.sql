-- +goose Up
-- A rejection names its reason and the day from which the firm may try again.
ALTER TABLE partners ADD COLUMN decided_at timestamptz, ADD COLUMN reject_code text NOT NULL DEFAULT '', ADD COLUMN reapply_on date,
  DROP CONSTRAINT partners_state,
  ADD CONSTRAINT partners_state CHECK (state IN ('draft', 'applied', 'under_review', 'more_info', 'rejected', 'contested', 'active', 'suspended', 'terminated')),
  ADD CONSTRAINT partners_reject_code CHECK (reject_code IN ('', 'documents_incomplete', 'documents_mismatch', 'out_of_scope', 'not_capable', 'integrity', 'other'));

-- What the reviewer asks an applicant, each with its answer.
CREATE TABLE partner_questions (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  body text NOT NULL, asked_by uuid NOT NULL, asked_by_name text NOT NULL, asked_at timestamptz NOT NULL,
  answer text NOT NULL DEFAULT '', answered_by uuid, answered_by_name text NOT NULL DEFAULT '', answered_at timestamptz,
  CONSTRAINT partner_questions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT partner_questions_answered CHECK ((answered_at IS NULL) = (answer = '') AND (answered_at IS NULL) = (answered_by IS NULL)),
  CONSTRAINT partner_questions_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id)
);
CREATE INDEX partner_questions_of ON partner_questions (province_id, partner_id, asked_at);
CALL secure('partner_questions', 'path', 'owner');
REVOKE DELETE ON partner_questions FROM portal_system;

-- A contest is of one decision, once, and answered by somebody else than who
-- made it.
CREATE TABLE partner_contests (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  reject_code text NOT NULL, decision text NOT NULL, decided_by uuid NOT NULL, decided_at timestamptz NOT NULL,
  body text NOT NULL, contested_by uuid NOT NULL, contested_by_name text NOT NULL, contested_at timestamptz NOT NULL,
  outcome text NOT NULL DEFAULT '', reviewer uuid, reviewer_name text NOT NULL DEFAULT '', answer text NOT NULL DEFAULT '', closed_at timestamptz,
  CONSTRAINT partner_contests_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT partner_contests_once UNIQUE (province_id, partner_id, decided_at),
  CONSTRAINT partner_contests_other_reviewer CHECK (reviewer IS NULL OR reviewer <> decided_by),
  CONSTRAINT partner_contests_outcome CHECK (outcome IN ('', 'upheld', 'overturned') AND (outcome = '') = (reviewer IS NULL)),
  CONSTRAINT partner_contests_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id)
);
CALL secure('partner_contests', 'path', 'owner');
REVOKE DELETE ON partner_contests FROM portal_system;
-- +goose Down
