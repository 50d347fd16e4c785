-- +goose Up
CREATE TABLE partners (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL, legal_name text NOT NULL, credit_code text COLLATE "C" NOT NULL,
  capabilities text[] NOT NULL, tier text NOT NULL DEFAULT 'registered', state text NOT NULL DEFAULT 'draft',
  contact_name text NOT NULL, contact_phone text NOT NULL, contact_email text NOT NULL, address text NOT NULL DEFAULT '', profile text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '', applied_at timestamptz, due_at timestamptz, decided_by uuid,
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT partners_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT partners_self CHECK (id = partner_id),
  CONSTRAINT partners_credit_code_once UNIQUE (province_id, credit_code),
  CONSTRAINT partners_tier CHECK (tier IN ('registered', 'certified', 'preferred', 'strategic')),
  CONSTRAINT partners_state CHECK (state IN ('draft', 'applied', 'under_review', 'more_info', 'rejected', 'active', 'suspended', 'terminated')),
  CONSTRAINT partners_tenant FOREIGN KEY (province_id, id) REFERENCES tenants (province_id, id)
);
CREATE INDEX partners_queue ON partners (province_id, state, applied_at);
CALL secure('partners', 'province', 'owner');

CREATE TABLE partner_documents (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  kind text NOT NULL, file_id uuid NOT NULL, expires_on date, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT partner_documents_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT partner_documents_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id),
  CONSTRAINT partner_documents_file FOREIGN KEY (province_id, file_id) REFERENCES files (province_id, id)
);
CREATE INDEX partner_documents_of ON partner_documents (province_id, partner_id);
CALL secure('partner_documents', 'path', 'owner', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE accounts (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL, credit_code text COLLATE "C" NOT NULL, kind text NOT NULL, tier text NOT NULL, industry text NOT NULL,
  city_code text COLLATE "C" NOT NULL, district_code text COLLATE "C" NOT NULL, owner_id uuid, owner_name text NOT NULL DEFAULT '',
  existing boolean NOT NULL DEFAULT false, informatisation int NOT NULL DEFAULT 0, staff_size int NOT NULL DEFAULT 0,
  employees int NOT NULL DEFAULT 0, machines int NOT NULL DEFAULT 0, customers int NOT NULL DEFAULT 0, suppliers int NOT NULL DEFAULT 0,
  address text NOT NULL DEFAULT '', contact_name text NOT NULL DEFAULT '', contact_phone text NOT NULL DEFAULT '', contact_email text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT accounts_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT accounts_credit_code_once UNIQUE (province_id, city_code, credit_code),
  CONSTRAINT accounts_kind CHECK (kind IN ('government', 'enterprise', 'individual', 'cluster')),
  CONSTRAINT accounts_tier CHECK (tier IN ('A1', 'A2', 'B1', 'B2', 'C'))
);
CREATE INDEX accounts_by_path ON accounts (province_id, org_path, name, id);
CREATE INDEX accounts_by_name ON accounts (province_id, name, id);
CREATE INDEX accounts_by_updated ON accounts (province_id, updated_at DESC, id);
CREATE INDEX accounts_by_city ON accounts (province_id, city_code, name, id);
CREATE INDEX accounts_by_owner ON accounts (province_id, owner_id, name, id);
CALL secure('accounts', 'path', 'none');

-- Search words of accounts. Two-character search cannot use an index under
-- row security, so this side table has none; every query repeats province and
-- path and is joined back to accounts, which has. It is reached only by the
-- account package.
CREATE TABLE account_words (
  province_id uuid NOT NULL, account_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, words text[] NOT NULL,
  CONSTRAINT account_words_pkey PRIMARY KEY (province_id, account_id)
);
CREATE INDEX account_words_gin ON account_words USING gin (words);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_words TO portal_operator, portal_system;
COMMENT ON TABLE account_words IS 'dist=tenant rls-off: search side table, joined back to accounts by id';

-- What a partner may see of an account, and until when, is a row of its own.
CREATE TABLE account_grants (
  province_id uuid NOT NULL, id uuid NOT NULL, account_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  via text NOT NULL, source_id uuid NOT NULL, source_number text NOT NULL, fields text[] NOT NULL, reason text NOT NULL DEFAULT '',
  starts_at timestamptz NOT NULL, ends_at timestamptz, ended_at timestamptz,
  -- copies, kept true by the account package; absent where the field is not granted
  name text COLLATE "C" NOT NULL, credit_code text COLLATE "C" NOT NULL, kind text NOT NULL, tier text NOT NULL, industry text NOT NULL,
  city_code text NOT NULL, district_code text NOT NULL, address text NOT NULL DEFAULT '', contact_name text NOT NULL DEFAULT '',
  contact_phone text NOT NULL DEFAULT '', contact_email text NOT NULL DEFAULT '', staff_size int NOT NULL DEFAULT 0, informatisation int NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT account_grants_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT account_grants_source_once UNIQUE (province_id, partner_id, account_id, via, source_id),
  CONSTRAINT account_grants_via CHECK (via IN ('deal', 'delivery', 'service', 'explicit')),
  CONSTRAINT account_grants_account FOREIGN KEY (province_id, account_id) REFERENCES accounts (province_id, id)
);
CREATE INDEX account_grants_of_partner ON account_grants (province_id, partner_id, name, id);
CREATE INDEX account_grants_of_account ON account_grants (province_id, account_id);
CALL secure('account_grants', 'path', 'owner');

CREATE TABLE imports (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL,
  file_id uuid NOT NULL, file_name text NOT NULL, state text NOT NULL DEFAULT 'checking', progress int NOT NULL DEFAULT 0,
  rows int NOT NULL DEFAULT 0, new_rows int NOT NULL DEFAULT 0, changed_rows int NOT NULL DEFAULT 0, unchanged_rows int NOT NULL DEFAULT 0, bad_rows int NOT NULL DEFAULT 0,
  bad jsonb NOT NULL DEFAULT '[]', reason text NOT NULL DEFAULT '', started_by text NOT NULL, started_by_id uuid NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT imports_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT imports_state CHECK (state IN ('checking', 'checked', 'applying', 'applied', 'cancelled', 'failed'))
);
CREATE INDEX imports_recent ON imports (province_id, tenant_id, started_at DESC);
CALL secure('imports', 'tenant', 'none');
-- +goose Down
