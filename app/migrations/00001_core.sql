-- +goose Up

-- Roles are of the whole cluster, so two databases may race to create them.
-- portal logs in and owns nothing; each transaction takes one of the others.
-- +goose StatementBegin
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['portal', 'portal_operator', 'portal_partner', 'portal_system'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOSUPERUSER NOBYPASSRLS NOINHERIT', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
  BEGIN
    GRANT portal_operator, portal_partner, portal_system TO portal;
  EXCEPTION WHEN unique_violation OR internal_error THEN NULL;
  END;
END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO portal, portal_operator, portal_partner, portal_system;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;

-- What row security is told. STABLE and written for use on one side of a
-- comparison, so that an index on the other side can be used.
CREATE FUNCTION this_province() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('app.province', true), '')::uuid $$;
CREATE FUNCTION this_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;

-- secure forces row security on a table and writes one policy per role:
--   path     the operator sees rows whose org_path lies in its range
--   province the operator sees all rows of the province
--   scope    the operator sees rows whose org_path is one of its marketplace scopes
--   none     no rows
-- and for partners: owner (partner_id), tenant (tenant_id), scope, province or none.
-- +goose StatementBegin
CREATE PROCEDURE secure(tab text, operator_sees text, partner_sees text, privileges text DEFAULT 'SELECT, INSERT, UPDATE') LANGUAGE plpgsql AS $$
DECLARE
  here text := 'province_id = this_province()';
  in_path text := ' AND org_path >= current_setting(''app.path_from'', true) AND org_path < current_setting(''app.path_to'', true)';
  in_scope text := ' AND org_path = ANY (string_to_array(current_setting(''app.scopes'', true), '',''))';
  rule text;
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
  EXECUTE format('CREATE POLICY of_system ON %I TO portal_system USING (%s) WITH CHECK (%s)', tab, here, here);
  EXECUTE format('GRANT %s, DELETE ON %I TO portal_system', privileges, tab);
  rule := CASE operator_sees WHEN 'path' THEN here || in_path WHEN 'scope' THEN here || in_scope WHEN 'province' THEN here
            WHEN 'tenant' THEN here || ' AND tenant_id = this_tenant()' END;
  IF rule IS NOT NULL THEN
    EXECUTE format('CREATE POLICY of_operator ON %I TO portal_operator USING (%s) WITH CHECK (%s)', tab, rule, here);
    EXECUTE format('GRANT %s ON %I TO portal_operator', privileges, tab);
  END IF;
  rule := CASE partner_sees WHEN 'owner' THEN here || ' AND partner_id = this_tenant()' WHEN 'tenant' THEN here || ' AND tenant_id = this_tenant()'
            WHEN 'scope' THEN here || in_scope WHEN 'province' THEN here END;
  IF rule IS NOT NULL THEN
    EXECUTE format('CREATE POLICY of_partner ON %I TO portal_partner USING (%s) WITH CHECK (%s)', tab, rule, rule);
    EXECUTE format('GRANT %s ON %I TO portal_partner', privileges, tab);
  END IF;
  EXECUTE format('COMMENT ON TABLE %I IS ''dist=tenant''', tab);
END $$;
-- +goose StatementEnd

-- Sign-in tables: read before anybody's tenant is known, so the login role
-- itself has policies on them. They are small and live on every node.
CREATE TABLE tenants (
  id uuid NOT NULL, province_id uuid NOT NULL, kind text NOT NULL, code text COLLATE "C" NOT NULL,
  name text NOT NULL, short text NOT NULL, path text COLLATE "C" NOT NULL, state text NOT NULL DEFAULT 'active',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenants_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT tenants_code_once UNIQUE (province_id, kind, code),
  CONSTRAINT tenants_kind CHECK (kind IN ('province', 'city', 'partner')),
  CONSTRAINT tenants_state CHECK (state IN ('active', 'suspended'))
);
CREATE TABLE districts (
  province_id uuid NOT NULL, code text COLLATE "C" NOT NULL, name text NOT NULL, city_code text COLLATE "C" NOT NULL,
  CONSTRAINT districts_pkey PRIMARY KEY (province_id, code)
);
CREATE TABLE users (
  id uuid NOT NULL, email text COLLATE "C" NOT NULL, name text NOT NULL, password_hash text NOT NULL,
  locale text NOT NULL DEFAULT 'zh', created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_once UNIQUE (email),
  CONSTRAINT users_locale CHECK (locale IN ('zh', 'en'))
);
CREATE TABLE memberships (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, user_id uuid NOT NULL,
  name text NOT NULL, email text COLLATE "C" NOT NULL, roles text[] NOT NULL, districts text[] NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'active', version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT memberships_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT memberships_once UNIQUE (province_id, tenant_id, user_id),
  CONSTRAINT memberships_state CHECK (state IN ('active', 'removed')),
  CONSTRAINT memberships_tenant FOREIGN KEY (province_id, tenant_id) REFERENCES tenants (province_id, id)
);
CREATE INDEX memberships_of_user ON memberships (user_id) ;
CREATE TABLE sessions (
  id uuid NOT NULL, user_id uuid NOT NULL, province_id uuid NOT NULL, membership_id uuid NOT NULL,
  refresh_hash bytea NOT NULL, previous_hash bytea, rotated_at timestamptz NOT NULL DEFAULT now(),
  agent text NOT NULL DEFAULT '', started_at timestamptz NOT NULL DEFAULT now(), seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL, revoked_at timestamptz,
  CONSTRAINT sessions_pkey PRIMARY KEY (id)
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_refresh ON sessions (refresh_hash);
CREATE INDEX sessions_by_previous ON sessions (previous_hash);
CREATE TABLE invitations (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, email text COLLATE "C" NOT NULL,
  roles text[] NOT NULL, districts text[] NOT NULL DEFAULT '{}', token_hash bytea NOT NULL, invited_by text NOT NULL,
  expires_at timestamptz NOT NULL, accepted_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invitations_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT invitations_tenant FOREIGN KEY (province_id, tenant_id) REFERENCES tenants (province_id, id)
);
CREATE INDEX invitations_by_token ON invitations (token_hash);

-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['tenants', 'districts', 'users', 'memberships', 'sessions', 'invitations'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
    EXECUTE format('CREATE POLICY of_login ON %I TO portal USING (true) WITH CHECK (true)', tab);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO portal', tab);
    EXECUTE format('COMMENT ON TABLE %I IS ''dist=reference''', tab);
  END LOOP;
  -- A registration makes the firm and its first login in one transaction.
  CREATE POLICY of_registration ON users FOR INSERT TO portal_system WITH CHECK (true);
  GRANT INSERT ON users TO portal_system;
  -- Inside a transaction of a tenant: names of tenants, and the own people.
  FOREACH tab IN ARRAY ARRAY['tenants', 'districts'] LOOP
    EXECUTE format('CREATE POLICY of_anybody ON %I TO portal_operator, portal_partner USING (province_id = this_province())', tab);
    EXECUTE format('GRANT SELECT ON %I TO portal_operator, portal_partner', tab);
    EXECUTE format('CREATE POLICY of_system ON %I TO portal_system USING (province_id = this_province()) WITH CHECK (province_id = this_province())', tab);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO portal_system', tab);
  END LOOP;
  FOREACH tab IN ARRAY ARRAY['memberships', 'invitations'] LOOP
    EXECUTE format('CREATE POLICY of_tenant ON %I TO portal_operator, portal_partner USING (province_id = this_province() AND tenant_id = this_tenant()) WITH CHECK (province_id = this_province() AND tenant_id = this_tenant())', tab);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO portal_operator, portal_partner', tab);
    EXECUTE format('CREATE POLICY of_system ON %I TO portal_system USING (province_id = this_province()) WITH CHECK (province_id = this_province())', tab);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO portal_system', tab);
  END LOOP;
END $$;
-- +goose StatementEnd

CREATE TABLE idempotency_keys (
  province_id uuid NOT NULL, tenant_id uuid NOT NULL, user_id uuid NOT NULL, key text COLLATE "C" NOT NULL,
  request_hash text NOT NULL, status int, body bytea, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (province_id, tenant_id, user_id, key)
);
CALL secure('idempotency_keys', 'tenant', 'tenant');

-- The audit trail of a province is one hash chain. Rows are only ever added;
-- org_path and partner_id are those of the record, so that its own people can
-- read its history.
CREATE TABLE audit_events (
  province_id uuid NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL,
  user_id uuid NOT NULL, actor_name text NOT NULL, tenant_id uuid NOT NULL, tenant_name text NOT NULL, side text NOT NULL,
  action text NOT NULL, resource text NOT NULL, resource_id uuid NOT NULL, label text NOT NULL,
  org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL,
  from_state text NOT NULL, to_state text NOT NULL, reason text NOT NULL, request_id text NOT NULL,
  prev_hash bytea NOT NULL, hash bytea NOT NULL,
  CONSTRAINT audit_events_pkey PRIMARY KEY (province_id, seq)
);
CREATE INDEX audit_events_of_record ON audit_events (province_id, resource_id, seq);
CREATE INDEX audit_events_of_partner ON audit_events (province_id, partner_id, seq);
CALL secure('audit_events', 'path', 'owner', 'SELECT, INSERT');
-- Whoever acts must be able to write the row, whosever record it is about.
-- The machine's answers to it stand in the same transaction.
ALTER POLICY of_partner ON audit_events WITH CHECK (province_id = this_province() AND (tenant_id = this_tenant() OR side = 'system'));
REVOKE DELETE ON audit_events FROM portal_system;
CREATE TABLE audit_heads (
  province_id uuid NOT NULL, seq bigint NOT NULL, hash bytea NOT NULL,
  CONSTRAINT audit_heads_pkey PRIMARY KEY (province_id)
);
CALL secure('audit_heads', 'province', 'province');

CREATE TABLE files (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  purpose text NOT NULL, name text NOT NULL, media_type text NOT NULL, size bigint NOT NULL, sha256 text NOT NULL,
  key text NOT NULL, state text NOT NULL DEFAULT 'pending', scan text NOT NULL DEFAULT 'unscanned',
  uploaded_by uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT files_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT files_state CHECK (state IN ('pending', 'stored', 'quarantined')),
  CONSTRAINT files_scan CHECK (scan IN ('unscanned', 'clean', 'infected')),
  CONSTRAINT files_size CHECK (size > 0)
);
CALL secure('files', 'path', 'owner');

-- Numbers of documents, one row per kind and year.
CREATE TABLE counters (
  province_id uuid NOT NULL, name text COLLATE "C" NOT NULL, value bigint NOT NULL,
  CONSTRAINT counters_pkey PRIMARY KEY (province_id, name)
);
CALL secure('counters', 'province', 'province');
-- +goose Down
