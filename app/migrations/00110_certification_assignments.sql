-- +goose Up
-- That a case was given to a test engineer, by whom, and how much the engineer
-- had in hand then. It is added, never changed; no firm reads it.
CREATE TABLE certification_assignments (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, tester_id uuid NOT NULL, tester_name text NOT NULL,
  from_id uuid, from_name text NOT NULL DEFAULT '', load_days double precision NOT NULL, reason text NOT NULL DEFAULT '', by_id uuid NOT NULL, by_name text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT certification_assignments_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_assignments_anew CHECK (from_id IS NULL OR (from_id <> tester_id AND reason <> '')),
  CONSTRAINT certification_assignments_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CREATE INDEX certification_assignments_of_case ON certification_assignments (province_id, certification_id, at);
CALL secure('certification_assignments', 'path', 'nobody', 'SELECT, INSERT');
REVOKE DELETE ON certification_assignments FROM portal_system;
-- +goose Down
DROP TABLE certification_assignments;
