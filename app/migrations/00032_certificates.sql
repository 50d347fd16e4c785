-- +goose Up
-- A certificate can be given under conditions with dates, is suspended while a
-- condition is long overdue, ends by itself, or is revoked for a reason.
ALTER TABLE certificates
  ADD COLUMN certification_id uuid, ADD COLUMN conditional boolean NOT NULL DEFAULT false, ADD COLUMN suspended_at timestamptz, ADD COLUMN expired_at timestamptz,
  ADD COLUMN reason text NOT NULL DEFAULT '', ADD COLUMN revoked_by uuid, ADD COLUMN told text[] NOT NULL DEFAULT '{}', ADD COLUMN version bigint NOT NULL DEFAULT 1,
  ADD CONSTRAINT certificates_why CHECK ((revoked_at IS NULL AND suspended_at IS NULL) OR reason <> ''),
  ADD CONSTRAINT certificates_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id);
UPDATE certificates x SET certification_id = c.id FROM certifications c WHERE c.province_id = x.province_id AND c.version_id = x.version_id AND c.state = 'certified';
CREATE INDEX certificates_ending ON certificates (province_id, valid_until) WHERE expired_at IS NULL AND revoked_at IS NULL;

-- What must still be done after a conditional pass, by when.
CREATE TABLE certification_conditions (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  body text NOT NULL, due_at timestamptz NOT NULL, state text NOT NULL DEFAULT 'open', answer text NOT NULL DEFAULT '', evidence text[] NOT NULL DEFAULT '{}', note text NOT NULL DEFAULT '',
  by_id uuid NOT NULL, by_name text NOT NULL, closed_by text NOT NULL DEFAULT '', told text[] NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), version bigint NOT NULL DEFAULT 1,
  CONSTRAINT certification_conditions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_conditions_state CHECK (state IN ('open', 'submitted', 'met')),
  CONSTRAINT certification_conditions_words CHECK (body <> ''),
  CONSTRAINT certification_conditions_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CREATE INDEX certification_conditions_of ON certification_conditions (province_id, certification_id, due_at);
CREATE INDEX certification_conditions_due ON certification_conditions (province_id, due_at) WHERE state <> 'met';
CALL secure('certification_conditions', 'path', 'owner');
REVOKE INSERT ON certification_conditions FROM portal_partner;
-- +goose Down
