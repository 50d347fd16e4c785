-- +goose Up

-- The account's record: what is worked out about it is stored on the row, so
-- that lists can filter and sort by it.
ALTER TABLE accounts
  ADD COLUMN demand text NOT NULL DEFAULT '',
  ADD COLUMN quality int NOT NULL DEFAULT 0,
  ADD COLUMN quality_at timestamptz,
  ADD COLUMN wrong_fields int NOT NULL DEFAULT 0,
  ADD COLUMN merged_into uuid,
  ADD CONSTRAINT accounts_demand CHECK (demand IN ('', 'connect', 'office', 'marketing', 'operation', 'security', 'cloud')),
  ADD CONSTRAINT accounts_quality CHECK (quality BETWEEN 0 AND 100),
  ADD CONSTRAINT accounts_not_into_itself CHECK (merged_into <> id);
-- Counts walk these without looking at the rows.
DROP INDEX accounts_by_path;
CREATE INDEX accounts_by_path ON accounts (province_id, org_path, name, id) INCLUDE (merged_into);
CREATE INDEX accounts_by_quality ON accounts (province_id, quality, id);
CREATE INDEX accounts_merged ON accounts (province_id, merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE account_contacts (
  province_id uuid NOT NULL, id uuid NOT NULL, account_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  layer text NOT NULL, name text NOT NULL, post text NOT NULL DEFAULT '', phone text NOT NULL DEFAULT '', email text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT account_contacts_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT account_contacts_layer CHECK (layer IN ('leader', 'contact', 'staff')),
  CONSTRAINT account_contacts_account FOREIGN KEY (province_id, account_id) REFERENCES accounts (province_id, id)
);
CREATE INDEX account_contacts_of ON account_contacts (province_id, account_id, layer, id);
CALL secure('account_contacts', 'path', 'none', 'SELECT, INSERT, UPDATE, DELETE');

-- A sheet on its way in: each row as it was read, and what it replaced, so
-- that an import can be stopped, repeated and taken back.
ALTER TABLE imports DROP CONSTRAINT imports_state;
ALTER TABLE imports
  ADD CONSTRAINT imports_state CHECK (state IN ('checking', 'checked', 'applying', 'applied', 'stopped', 'cancelled', 'failed', 'undoing', 'undone')),
  ADD COLUMN present text[] NOT NULL DEFAULT '{}',
  ADD COLUMN header text[] NOT NULL DEFAULT '{}',
  ADD COLUMN done_to int NOT NULL DEFAULT 0,
  ADD COLUMN added int NOT NULL DEFAULT 0,
  ADD COLUMN updated int NOT NULL DEFAULT 0,
  ADD COLUMN refused int NOT NULL DEFAULT 0,
  ADD COLUMN removed int NOT NULL DEFAULT 0,
  ADD COLUMN restored int NOT NULL DEFAULT 0,
  ADD COLUMN touched int NOT NULL DEFAULT 0;
CREATE TABLE import_rows (
  province_id uuid NOT NULL, import_id uuid NOT NULL, number int NOT NULL, tenant_id uuid NOT NULL, account_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL, credit_code text COLLATE "C" NOT NULL, kind text NOT NULL, tier text NOT NULL, industry text NOT NULL, district_code text COLLATE "C" NOT NULL,
  existing boolean NOT NULL, informatisation int NOT NULL, staff_size int NOT NULL, employees int NOT NULL, machines int NOT NULL, customers int NOT NULL, suppliers int NOT NULL,
  demand text NOT NULL, address text NOT NULL, contact_name text NOT NULL, contact_phone text NOT NULL, contact_email text NOT NULL,
  target_year int NOT NULL DEFAULT 0, target_segment text NOT NULL DEFAULT '', quality int NOT NULL, words text[] NOT NULL,
  before jsonb, after_version bigint,
  CONSTRAINT import_rows_pkey PRIMARY KEY (province_id, import_id, number)
);
CALL secure('import_rows', 'tenant', 'none', 'SELECT, INSERT, UPDATE, DELETE');
CREATE TABLE import_bad_rows (
  province_id uuid NOT NULL, import_id uuid NOT NULL, number int NOT NULL, tenant_id uuid NOT NULL, cells text[] NOT NULL, reasons_zh text NOT NULL, reasons_en text NOT NULL,
  CONSTRAINT import_bad_rows_pkey PRIMARY KEY (province_id, import_id, number)
);
CALL secure('import_bad_rows', 'tenant', 'none', 'SELECT, INSERT, UPDATE, DELETE');

-- A list as somebody likes to see it; shared ones are everybody's of the tenant.
CREATE TABLE saved_views (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, user_id uuid NOT NULL, owner_name text NOT NULL,
  list text NOT NULL, name text NOT NULL, query text NOT NULL, columns text[] NOT NULL DEFAULT '{}', shared boolean NOT NULL DEFAULT false,
  version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT saved_views_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT saved_views_name_once UNIQUE (province_id, tenant_id, user_id, list, name)
);
CALL secure('saved_views', 'tenant', 'tenant', 'SELECT, INSERT, UPDATE, DELETE');

-- Workbooks made by a job for one person.
CREATE TABLE exports (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, membership_id uuid NOT NULL, user_id uuid NOT NULL,
  list text NOT NULL, query text NOT NULL, locale text NOT NULL, file_name text NOT NULL, state text NOT NULL DEFAULT 'queued', rows int NOT NULL DEFAULT 0, total int NOT NULL DEFAULT 0,
  size bigint NOT NULL DEFAULT 0, key text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '', created_at timestamptz NOT NULL, finished_at timestamptz, expires_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT exports_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT exports_state CHECK (state IN ('queued', 'running', 'done', 'cancelled', 'failed', 'expired'))
);
CREATE INDEX exports_of_person ON exports (province_id, tenant_id, user_id, created_at DESC);
CALL secure('exports', 'tenant', 'tenant');

-- Many accounts handed to an owner at once, and who had them before.
CREATE TABLE assignments (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, via text NOT NULL, owner_name text NOT NULL, accounts int NOT NULL,
  made_by text NOT NULL, made_by_id uuid NOT NULL, made_at timestamptz NOT NULL, undone_at timestamptz, undone_by text NOT NULL DEFAULT '', kept int NOT NULL DEFAULT 0, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT assignments_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT assignments_via CHECK (via IN ('list', 'territory'))
);
CREATE INDEX assignments_recent ON assignments (province_id, tenant_id, made_at DESC);
CALL secure('assignments', 'tenant', 'none');
CREATE TABLE assignment_rows (
  province_id uuid NOT NULL, assignment_id uuid NOT NULL, account_id uuid NOT NULL, tenant_id uuid NOT NULL, from_id uuid, from_name text NOT NULL, to_id uuid,
  CONSTRAINT assignment_rows_pkey PRIMARY KEY (province_id, assignment_id, account_id),
  CONSTRAINT assignment_rows_of FOREIGN KEY (province_id, assignment_id) REFERENCES assignments (province_id, id)
);
CALL secure('assignment_rows', 'tenant', 'none');

-- Who gets which un-owned account of a city: the first rule that fits.
CREATE TABLE territories (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, position int NOT NULL, name text NOT NULL,
  districts text[] NOT NULL DEFAULT '{}', industries text[] NOT NULL DEFAULT '{}', tiers text[] NOT NULL DEFAULT '{}', kinds text[] NOT NULL DEFAULT '{}',
  owners text[] NOT NULL, turn bigint NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT territories_pkey PRIMARY KEY (province_id, id)
);
CREATE INDEX territories_in_order ON territories (province_id, tenant_id, position);
CALL secure('territories', 'tenant', 'none', 'SELECT, INSERT, UPDATE, DELETE');

-- Accounts that may be one. A pair across cities carries the province's path:
-- only the province sees it.
CREATE TABLE account_duplicates (
  province_id uuid NOT NULL, id uuid NOT NULL, one_id uuid NOT NULL, other_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  reason text NOT NULL, score int NOT NULL, state text NOT NULL DEFAULT 'open', found_at timestamptz NOT NULL, decided_by text NOT NULL DEFAULT '', decided_at timestamptz, note text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT account_duplicates_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT account_duplicates_pair_once UNIQUE (province_id, one_id, other_id),
  CONSTRAINT account_duplicates_ordered CHECK (one_id < other_id),
  CONSTRAINT account_duplicates_reason CHECK (reason IN ('same_code', 'same_name', 'similar_name')),
  CONSTRAINT account_duplicates_state CHECK (state IN ('open', 'dismissed', 'merged'))
);
CREATE INDEX account_duplicates_open ON account_duplicates (province_id, state, org_path, score DESC, id);
CREATE INDEX account_duplicates_of_other ON account_duplicates (province_id, other_id);
CALL secure('account_duplicates', 'path', 'none', 'SELECT, INSERT, UPDATE, DELETE');
CREATE TABLE account_merges (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, keeper_id uuid NOT NULL, loser_id uuid NOT NULL, keeper_name text NOT NULL, loser_name text NOT NULL,
  keeper_before jsonb NOT NULL, loser_before jsonb NOT NULL, keeper_version bigint NOT NULL, grants text[] NOT NULL DEFAULT '{}', contacts text[] NOT NULL DEFAULT '{}',
  made_by text NOT NULL, made_by_id uuid NOT NULL, made_at timestamptz NOT NULL, undone_at timestamptz, undone_by text NOT NULL DEFAULT '', version bigint NOT NULL DEFAULT 1,
  CONSTRAINT account_merges_pkey PRIMARY KEY (province_id, id)
);
CREATE UNIQUE INDEX account_merges_loser_once ON account_merges (province_id, loser_id) WHERE undone_at IS NULL;
CREATE INDEX account_merges_of_keeper ON account_merges (province_id, keeper_id);
CALL secure('account_merges', 'path', 'none');

-- Accounts a year is about.
CREATE TABLE account_targets (
  province_id uuid NOT NULL, account_id uuid NOT NULL, year int NOT NULL, segment text NOT NULL, org_path text COLLATE "C" NOT NULL, city_code text COLLATE "C" NOT NULL, district_code text COLLATE "C" NOT NULL,
  set_by text NOT NULL, set_at timestamptz NOT NULL,
  CONSTRAINT account_targets_pkey PRIMARY KEY (province_id, account_id, year),
  CONSTRAINT account_targets_segment CHECK (segment IN ('government_body', 'industrial', 'leader')),
  CONSTRAINT account_targets_year CHECK (year BETWEEN 2000 AND 2100),
  CONSTRAINT account_targets_account FOREIGN KEY (province_id, account_id) REFERENCES accounts (province_id, id)
);
CREATE INDEX account_targets_of_year ON account_targets (province_id, year, org_path, account_id);
CALL secure('account_targets', 'path', 'none', 'SELECT, INSERT, UPDATE, DELETE');

-- Is what is recorded true? A sample of a city's accounts is asked by phone.
CREATE TABLE accuracy_audits (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, city_code text COLLATE "C" NOT NULL, city_name text NOT NULL, year int NOT NULL, quarter int NOT NULL,
  seed text NOT NULL, size int NOT NULL, population int NOT NULL, state text NOT NULL DEFAULT 'open', right_fields int NOT NULL DEFAULT 0, checked_fields int NOT NULL DEFAULT 0,
  drawn_by text NOT NULL, drawn_at timestamptz NOT NULL, closed_by text NOT NULL DEFAULT '', closed_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT accuracy_audits_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT accuracy_audits_once UNIQUE (province_id, city_code, year, quarter),
  CONSTRAINT accuracy_audits_quarter CHECK (quarter BETWEEN 1 AND 4),
  CONSTRAINT accuracy_audits_state CHECK (state IN ('open', 'closed'))
);
CALL secure('accuracy_audits', 'path', 'none');
CREATE TABLE accuracy_records (
  province_id uuid NOT NULL, id uuid NOT NULL, audit_id uuid NOT NULL, account_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, position int NOT NULL, account_name text NOT NULL,
  state text NOT NULL DEFAULT 'waiting', tries int NOT NULL DEFAULT 0, tried_at timestamptz, findings jsonb NOT NULL DEFAULT '[]', checked_by text NOT NULL DEFAULT '', checked_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT accuracy_records_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT accuracy_records_once UNIQUE (province_id, audit_id, account_id),
  CONSTRAINT accuracy_records_state CHECK (state IN ('waiting', 'checked', 'unreachable')),
  CONSTRAINT accuracy_records_tries CHECK (tries BETWEEN 0 AND 3),
  CONSTRAINT accuracy_records_audit FOREIGN KEY (province_id, audit_id) REFERENCES accuracy_audits (province_id, id),
  CONSTRAINT accuracy_records_account FOREIGN KEY (province_id, account_id) REFERENCES accounts (province_id, id)
);
CREATE INDEX accuracy_records_in_order ON accuracy_records (province_id, audit_id, state, position);
CREATE INDEX accuracy_records_of_account ON accuracy_records (province_id, account_id);
CALL secure('accuracy_records', 'path', 'none');

CREATE INDEX deals_of_account ON deals (province_id, account_id);
-- +goose Down
