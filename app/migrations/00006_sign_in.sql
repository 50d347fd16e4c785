-- +goose Up

-- A session remembers where it came from; whether a second factor stood
-- behind it; and the tenant it is bound to when that tenant's own sign-in
-- provider vouched for the person, because what a provider says counts in
-- its own tenant only.
ALTER TABLE sessions ADD COLUMN address text NOT NULL DEFAULT '', ADD COLUMN strong boolean NOT NULL DEFAULT false, ADD COLUMN bound_tenant uuid;

-- The second factor of a person. The secret is sealed; the last step that was
-- accepted makes each code good for one use.
CREATE TABLE factors (
  user_id uuid NOT NULL, secret bytea NOT NULL, confirmed_at timestamptz, last_step bigint NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT factors_pkey PRIMARY KEY (user_id)
);
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL, hash bytea NOT NULL, used_at timestamptz,
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, hash)
);
-- A request for a mailbox without a login is a row as well (user_id is null),
-- so that asking takes the same work whether somebody exists or not.
CREATE TABLE password_resets (
  id uuid NOT NULL, user_id uuid, token_hash bytea NOT NULL, expires_at timestamptz NOT NULL, used_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT password_resets_pkey PRIMARY KEY (id)
);
CREATE INDEX password_resets_by_token ON password_resets (token_hash);
CREATE INDEX password_resets_of_user ON password_resets (user_id, created_at);

-- Sign-in providers (OpenID Connect) of a tenant.
CREATE TABLE providers (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, name text NOT NULL, issuer text NOT NULL, client_id text NOT NULL, secret bytea NOT NULL,
  domains text[] NOT NULL, vouches boolean NOT NULL DEFAULT false, state text NOT NULL DEFAULT 'active', version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT providers_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT providers_issuer_once UNIQUE (province_id, tenant_id, issuer),
  CONSTRAINT providers_state CHECK (state IN ('active', 'off')),
  CONSTRAINT providers_tenant FOREIGN KEY (province_id, tenant_id) REFERENCES tenants (province_id, id)
);
CREATE INDEX providers_by_domain ON providers USING gin (domains);
-- Whom a provider's subject is. The subject decides, not the e-mail address.
CREATE TABLE identities (
  provider_id uuid NOT NULL, subject text COLLATE "C" NOT NULL, user_id uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT identities_pkey PRIMARY KEY (provider_id, subject),
  CONSTRAINT identities_user_once UNIQUE (provider_id, user_id)
);
-- Sign-ins by provider that came back: each way there is good for one return.
CREATE TABLE spent_states (
  hash bytea NOT NULL, expires_at timestamptz NOT NULL,
  CONSTRAINT spent_states_pkey PRIMARY KEY (hash)
);
CREATE INDEX spent_states_by_expiry ON spent_states (expires_at);

-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['factors', 'recovery_codes', 'password_resets', 'providers', 'identities', 'spent_states'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
    EXECUTE format('COMMENT ON TABLE %I IS ''dist=reference''', tab);
    CONTINUE WHEN tab = 'providers';
    EXECUTE format('CREATE POLICY of_login ON %I TO portal USING (true) WITH CHECK (true)', tab);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO portal', tab);
  END LOOP;
  CREATE POLICY of_login ON providers FOR SELECT TO portal USING (true);
  GRANT SELECT ON providers TO portal;
  CREATE POLICY of_tenant ON providers TO portal_operator, portal_partner USING (province_id = this_province() AND tenant_id = this_tenant()) WITH CHECK (province_id = this_province() AND tenant_id = this_tenant());
  CREATE POLICY of_system ON providers TO portal_system USING (province_id = this_province()) WITH CHECK (province_id = this_province());
  GRANT SELECT, INSERT, UPDATE, DELETE ON providers TO portal_operator, portal_partner, portal_system;
END $$;
-- +goose StatementEnd
-- +goose Down
