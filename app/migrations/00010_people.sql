-- +goose Up
-- Roles a tenant composes itself, out of what its kind may hold at most. A
-- membership names them by id, so they can never be taken for built-in ones.
CREATE TABLE own_roles (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL,
  name text NOT NULL, permissions text[] NOT NULL, version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT own_roles_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT own_roles_name_once UNIQUE (province_id, tenant_id, name),
  CONSTRAINT own_roles_tenant FOREIGN KEY (province_id, tenant_id) REFERENCES tenants (province_id, id)
);
CALL secure('own_roles', 'tenant', 'tenant', 'SELECT, INSERT, UPDATE, DELETE');

-- Work of an absent person, lent to a colleague of the same tenant for a time.
CREATE TABLE delegations (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL,
  from_membership uuid NOT NULL, from_user uuid NOT NULL, from_name text NOT NULL, to_membership uuid NOT NULL, to_user uuid NOT NULL, to_name text NOT NULL,
  starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, ended_at timestamptz, reason text NOT NULL DEFAULT '',
  made_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT delegations_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT delegations_somebody_else CHECK (from_user <> to_user),
  CONSTRAINT delegations_span CHECK (ends_at > starts_at),
  CONSTRAINT delegations_from FOREIGN KEY (province_id, from_membership) REFERENCES memberships (province_id, id),
  CONSTRAINT delegations_to FOREIGN KEY (province_id, to_membership) REFERENCES memberships (province_id, id)
);
CREATE INDEX delegations_of_tenant ON delegations (province_id, tenant_id, starts_at DESC);
CREATE INDEX delegations_from_seat ON delegations (province_id, from_membership);
CREATE INDEX delegations_to_seat ON delegations (province_id, to_membership);
CALL secure('delegations', 'tenant', 'tenant');

-- Both are read when the actor of a request is decided, before any tenant is
-- known, and by nobody else in that role.
-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['own_roles', 'delegations'] LOOP
    EXECUTE format('CREATE POLICY of_login ON %I FOR SELECT TO portal USING (true)', tab);
    EXECUTE format('GRANT SELECT ON %I TO portal', tab);
    EXECUTE format('COMMENT ON TABLE %I IS ''dist=reference''', tab);
  END LOOP;
END $$;
-- +goose StatementEnd

-- Each quarter a tenant's admin confirms or removes what people hold; what is
-- not confirmed in time lapses.
CREATE TABLE access_reviews (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, quarter text COLLATE "C" NOT NULL, state text NOT NULL DEFAULT 'open',
  opened_at timestamptz NOT NULL, due_at timestamptz NOT NULL, closed_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT access_reviews_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT access_reviews_once UNIQUE (province_id, tenant_id, quarter),
  CONSTRAINT access_reviews_state CHECK (state IN ('open', 'closed')),
  CONSTRAINT access_reviews_tenant FOREIGN KEY (province_id, tenant_id) REFERENCES tenants (province_id, id)
);
CALL secure('access_reviews', 'tenant', 'tenant');
CREATE TABLE access_review_items (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, review_id uuid NOT NULL,
  kind text NOT NULL, subject_id uuid NOT NULL, label text NOT NULL, detail text NOT NULL, last_used_at timestamptz, holds text[] NOT NULL DEFAULT '{}',
  decision text NOT NULL DEFAULT 'open', decided_by text NOT NULL DEFAULT '', decided_at timestamptz,
  CONSTRAINT access_review_items_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT access_review_items_once UNIQUE (province_id, review_id, kind, subject_id),
  CONSTRAINT access_review_items_kind CHECK (kind IN ('membership', 'grant')),
  CONSTRAINT access_review_items_decision CHECK (decision IN ('open', 'confirmed', 'removed', 'lapsed', 'kept')),
  CONSTRAINT access_review_items_review FOREIGN KEY (province_id, review_id) REFERENCES access_reviews (province_id, id)
);
CREATE INDEX access_review_items_of ON access_review_items (province_id, review_id, kind, label);
CALL secure('access_review_items', 'tenant', 'tenant');

-- On whose behalf and from where; part of the chain's hash where present.
ALTER TABLE audit_events ADD COLUMN on_behalf text NOT NULL DEFAULT '', ADD COLUMN address text NOT NULL DEFAULT '';
CREATE INDEX audit_events_by_user ON audit_events (province_id, user_id, seq);
CREATE INDEX audit_events_by_time ON audit_events (province_id, at, seq);

-- Who looked at a customer, when and how often: one row a person and day.
CREATE TABLE account_looks (
  province_id uuid NOT NULL, account_id uuid NOT NULL, day date NOT NULL, membership_id uuid NOT NULL, user_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL,
  name text NOT NULL, tenant_name text NOT NULL, via text NOT NULL, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, times int NOT NULL DEFAULT 1, revealed int NOT NULL DEFAULT 0,
  CONSTRAINT account_looks_pkey PRIMARY KEY (province_id, account_id, day, membership_id, user_id)
);
CREATE INDEX account_looks_of_person ON account_looks (province_id, membership_id, day);
CALL secure('account_looks', 'path', 'owner');
ALTER TABLE account_grants ADD COLUMN given_by text NOT NULL DEFAULT '', ADD COLUMN end_reason text NOT NULL DEFAULT '';
CREATE INDEX account_grants_explicit ON account_grants (province_id, org_path, starts_at) WHERE via = 'explicit' AND ended_at IS NULL;
-- +goose Down
