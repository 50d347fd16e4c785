-- +goose Up
CREATE TABLE solutions (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_name text NOT NULL,
  name text NOT NULL, summary text NOT NULL DEFAULT '', industry text NOT NULL, category text NOT NULL, family text NOT NULL,
  latest_version_id uuid NOT NULL, latest_semver text NOT NULL DEFAULT '', latest_state text NOT NULL DEFAULT 'draft', live_listings int NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT solutions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT solutions_name_once UNIQUE (province_id, partner_id, name),
  CONSTRAINT solutions_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id)
);
CREATE INDEX solutions_of_partner ON solutions (province_id, partner_id, updated_at DESC, id);
CREATE INDEX solutions_by_updated ON solutions (province_id, updated_at DESC, id);
CALL secure('solutions', 'province', 'owner');

CREATE TABLE solution_versions (
  province_id uuid NOT NULL, id uuid NOT NULL, solution_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  semver text NOT NULL, state text NOT NULL DEFAULT 'draft', description text NOT NULL DEFAULT '', notes text NOT NULL DEFAULT '',
  integration text NOT NULL DEFAULT 'none', author_id uuid NOT NULL, author_name text NOT NULL, certification_id uuid,
  submitted_at timestamptz, version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT solution_versions_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT solution_versions_semver_once UNIQUE (province_id, solution_id, semver),
  CONSTRAINT solution_versions_state CHECK (state IN ('draft', 'submitted', 'in_test', 'in_review', 'changes_requested', 'certified', 'rejected', 'withdrawn', 'superseded', 'revoked', 'expired')),
  CONSTRAINT solution_versions_solution FOREIGN KEY (province_id, solution_id) REFERENCES solutions (province_id, id)
);
CREATE INDEX solution_versions_of ON solution_versions (province_id, solution_id, created_at DESC);
CALL secure('solution_versions', 'province', 'owner');

CREATE TABLE function_elements (
  province_id uuid NOT NULL, id uuid NOT NULL, version_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, position int NOT NULL,
  name text NOT NULL, unit text NOT NULL, billing text NOT NULL, price_fen bigint NOT NULL, required boolean NOT NULL, max_units bigint NOT NULL DEFAULT 0,
  CONSTRAINT function_elements_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT function_elements_version FOREIGN KEY (province_id, version_id) REFERENCES solution_versions (province_id, id),
  CONSTRAINT function_elements_billing CHECK (billing IN ('one_off', 'monthly', 'per_use')),
  CONSTRAINT function_elements_price CHECK (price_fen >= 0)
);
CREATE INDEX function_elements_of ON function_elements (province_id, version_id, position);
CALL secure('function_elements', 'province', 'owner', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE version_files (
  province_id uuid NOT NULL, version_id uuid NOT NULL, file_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, kind text NOT NULL,
  position int NOT NULL DEFAULT 0,
  CONSTRAINT version_files_pkey PRIMARY KEY (province_id, version_id, file_id),
  CONSTRAINT version_files_version FOREIGN KEY (province_id, version_id) REFERENCES solution_versions (province_id, id),
  CONSTRAINT version_files_file FOREIGN KEY (province_id, file_id) REFERENCES files (province_id, id),
  CONSTRAINT version_files_kind CHECK (kind IN ('package', 'manual', 'test_report', 'whitepaper', 'other'))
);
CALL secure('version_files', 'province', 'owner', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE certifications (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, version_id uuid NOT NULL, solution_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  solution_name text NOT NULL, semver text NOT NULL, first boolean NOT NULL, partner_name text NOT NULL, industry text NOT NULL,
  track text NOT NULL, track_reason jsonb NOT NULL, state text NOT NULL, stage text NOT NULL, author_id uuid NOT NULL, author_name text NOT NULL,
  tester_id uuid, tester_name text NOT NULL DEFAULT '', approver_id uuid, approver_name text NOT NULL DEFAULT '', open_findings int NOT NULL DEFAULT 0,
  holder text NOT NULL, holder_since timestamptz NOT NULL, operator_ms bigint NOT NULL DEFAULT 0, partner_ms bigint NOT NULL DEFAULT 0,
  submitted_at timestamptz NOT NULL, decided_at timestamptz, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT certifications_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certifications_number_once UNIQUE (province_id, number),
  CONSTRAINT certifications_state CHECK (state IN ('intake', 'testing', 'in_review', 'changes_requested', 'certified', 'rejected', 'withdrawn')),
  CONSTRAINT certifications_holder CHECK (holder IN ('operator', 'partner', 'none')),
  CONSTRAINT certifications_track CHECK (track IN ('certified_type', 'managed')),
  CONSTRAINT certifications_duties_apart CHECK (author_id IS DISTINCT FROM tester_id AND author_id IS DISTINCT FROM approver_id AND (tester_id IS NULL OR tester_id IS DISTINCT FROM approver_id)),
  CONSTRAINT certifications_version FOREIGN KEY (province_id, version_id) REFERENCES solution_versions (province_id, id)
);
CREATE INDEX certifications_queue ON certifications (province_id, state, submitted_at, id);
CREATE INDEX certifications_of_partner ON certifications (province_id, partner_id, submitted_at DESC);
CREATE UNIQUE INDEX certifications_open_once ON certifications (province_id, version_id) WHERE state IN ('intake', 'testing', 'in_review', 'changes_requested');
CALL secure('certifications', 'path', 'owner');

CREATE TABLE certification_stages (
  province_id uuid NOT NULL, certification_id uuid NOT NULL, kind text NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, position int NOT NULL,
  state text NOT NULL, budget_days double precision NOT NULL, started_at timestamptz, finished_at timestamptz,
  CONSTRAINT certification_stages_pkey PRIMARY KEY (province_id, certification_id, kind),
  CONSTRAINT certification_stages_state CHECK (state IN ('waiting', 'open', 'passed', 'failed')),
  CONSTRAINT certification_stages_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CALL secure('certification_stages', 'path', 'owner');

CREATE TABLE certification_checks (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, stage text NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, position int NOT NULL,
  code text NOT NULL, machine boolean NOT NULL, threshold text NOT NULL DEFAULT '', result text NOT NULL DEFAULT 'open', measured text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '',
  evidence text[] NOT NULL DEFAULT '{}', by_name text NOT NULL DEFAULT '', updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT certification_checks_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_checks_once UNIQUE (province_id, certification_id, code),
  CONSTRAINT certification_checks_result CHECK (result IN ('open', 'pass', 'fail', 'not_applicable')),
  CONSTRAINT certification_checks_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CALL secure('certification_checks', 'path', 'owner');

CREATE TABLE findings (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  stage text NOT NULL, severity text NOT NULL, body text NOT NULL, answer text NOT NULL DEFAULT '', state text NOT NULL DEFAULT 'open', by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), version bigint NOT NULL DEFAULT 1,
  CONSTRAINT findings_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT findings_severity CHECK (severity IN ('blocker', 'major', 'minor')),
  CONSTRAINT findings_state CHECK (state IN ('open', 'answered', 'closed')),
  CONSTRAINT findings_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CREATE INDEX findings_of ON findings (province_id, certification_id, created_at);
CALL secure('findings', 'path', 'owner');

CREATE TABLE certificates (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, version_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  solution_name text NOT NULL, semver text NOT NULL, partner_name text NOT NULL, content_hash text NOT NULL,
  issued_at timestamptz NOT NULL, valid_until timestamptz NOT NULL, revoked_at timestamptz,
  CONSTRAINT certificates_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certificates_number_once UNIQUE (province_id, number),
  CONSTRAINT certificates_version_once UNIQUE (province_id, version_id),
  CONSTRAINT certificates_version FOREIGN KEY (province_id, version_id) REFERENCES solution_versions (province_id, id)
);
CALL secure('certificates', 'province', 'owner');

CREATE TABLE listings (
  province_id uuid NOT NULL, id uuid NOT NULL, solution_id uuid NOT NULL, version_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  solution_name text NOT NULL, semver text NOT NULL, partner_name text NOT NULL, industry text NOT NULL, scope text COLLATE "C" NOT NULL, scope_name text NOT NULL,
  state text NOT NULL DEFAULT 'draft', reason text NOT NULL DEFAULT '', created_by uuid NOT NULL, submitted_at timestamptz, live_at timestamptz,
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT listings_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT listings_state CHECK (state IN ('draft', 'pending_approval', 'live', 'suspended', 'retired')),
  CONSTRAINT listings_version FOREIGN KEY (province_id, version_id) REFERENCES solution_versions (province_id, id)
);
CREATE UNIQUE INDEX listings_once ON listings (province_id, solution_id, scope) WHERE state <> 'retired';
CREATE INDEX listings_by_updated ON listings (province_id, updated_at DESC, id);
CALL secure('listings', 'path', 'owner');

-- The marketplace page: what is on sale, in which scope, with all that a
-- buyer may know, kept true by the listing package. Everybody of the province
-- may read it, a city only its own scopes.
CREATE TABLE offers (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, scope text COLLATE "C" NOT NULL, scope_name text NOT NULL,
  solution_id uuid NOT NULL, version_id uuid NOT NULL, supplier_id uuid NOT NULL, supplier_name text NOT NULL, supplier_tier text NOT NULL,
  name text COLLATE "C" NOT NULL, summary text NOT NULL, industry text NOT NULL, category text NOT NULL, family text NOT NULL, semver text NOT NULL,
  certified boolean NOT NULL, from_fen bigint NOT NULL, accounts int NOT NULL DEFAULT 0, live_at timestamptz NOT NULL, content jsonb NOT NULL,
  CONSTRAINT offers_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT offers_listing FOREIGN KEY (province_id, id) REFERENCES listings (province_id, id)
);
CREATE INDEX offers_by_accounts ON offers (province_id, accounts DESC, id);
CREATE INDEX offers_by_live ON offers (province_id, live_at DESC, id);
CREATE INDEX offers_of_solution ON offers (province_id, solution_id);
CREATE INDEX offers_by_name ON offers (province_id, name, id);
CALL secure('offers', 'scope', 'scope', 'SELECT, INSERT, UPDATE, DELETE');
-- Partners read offers; only the operator and the system write them.
REVOKE INSERT, UPDATE, DELETE ON offers FROM portal_partner;
-- Search words of offers; without row security for the reason account_words
-- has none. Every query repeats province and scopes.
CREATE TABLE offer_words (
  province_id uuid NOT NULL, offer_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, words text[] NOT NULL,
  CONSTRAINT offer_words_pkey PRIMARY KEY (province_id, offer_id)
);
CREATE INDEX offer_words_gin ON offer_words USING gin (words);
GRANT SELECT ON offer_words TO portal_partner;
GRANT SELECT, INSERT, DELETE ON offer_words TO portal_operator, portal_system;
COMMENT ON TABLE offer_words IS 'dist=tenant rls-off: search side table, joined back to offers by id';
-- +goose Down
