-- +goose Up
-- What was handed in each time, so that the next time only what changed is
-- tested again; only ever added to.
CREATE TABLE certification_submissions (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  number int NOT NULL, semver text NOT NULL, content jsonb NOT NULL, content_hash text NOT NULL DEFAULT '', track text NOT NULL, changes jsonb NOT NULL DEFAULT '[]',
  reopened int NOT NULL DEFAULT 0, kept int NOT NULL DEFAULT 0, by_name text NOT NULL DEFAULT '', at timestamptz NOT NULL,
  CONSTRAINT certification_submissions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_submissions_once UNIQUE (province_id, certification_id, number),
  CONSTRAINT certification_submissions_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CALL secure('certification_submissions', 'path', 'owner', 'SELECT, INSERT');
REVOKE INSERT ON certification_submissions FROM portal_operator;
REVOKE DELETE ON certification_submissions FROM portal_system;
ALTER TABLE certifications ADD COLUMN content_hash text NOT NULL DEFAULT '';

-- Of cases that are open, what is under test is what was handed in last; of a
-- version that is a draft again nothing is known, and all of it is tested again.
ALTER TABLE certifications NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_submissions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE solutions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE solution_versions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE function_elements NO FORCE ROW LEVEL SECURITY;
ALTER TABLE version_files NO FORCE ROW LEVEL SECURITY;
ALTER TABLE files NO FORCE ROW LEVEL SECURITY;
INSERT INTO certification_submissions (province_id, id, certification_id, partner_id, org_path, number, semver, content, track, by_name, at)
SELECT c.province_id, gen_random_uuid(), c.id, c.partner_id, c.org_path, 1, v.semver, jsonb_build_object('Category', s.category, 'Description', v.description, 'Integration', v.integration,
  'Elements', coalesce((SELECT jsonb_agg(jsonb_build_object('Name', e.name, 'Unit', e.unit, 'Billing', e.billing, 'PriceFen', e.price_fen, 'Required', e.required, 'MaxUnits', e.max_units) ORDER BY e.position)
    FROM function_elements e WHERE e.province_id = v.province_id AND e.version_id = v.id), '[]'),
  'Files', coalesce((SELECT jsonb_agg(jsonb_build_object('Kind', x.kind, 'Name', f.name, 'SHA256', f.sha256) ORDER BY x.position)
    FROM version_files x JOIN files f ON f.province_id = x.province_id AND f.id = x.file_id WHERE x.province_id = v.province_id AND x.version_id = v.id), '[]')),
  c.track, c.author_name, c.submitted_at
FROM certifications c JOIN solution_versions v ON v.province_id = c.province_id AND v.id = c.version_id JOIN solutions s ON s.province_id = v.province_id AND s.id = v.solution_id
WHERE c.state IN ('testing', 'in_review', 'changes_requested') AND v.state <> 'draft';
ALTER TABLE files FORCE ROW LEVEL SECURITY;
ALTER TABLE version_files FORCE ROW LEVEL SECURITY;
ALTER TABLE function_elements FORCE ROW LEVEL SECURITY;
ALTER TABLE solution_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE solutions FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_submissions FORCE ROW LEVEL SECURITY;
ALTER TABLE certifications FORCE ROW LEVEL SECURITY;
-- +goose Down
