-- +goose Up

-- Notices: what happened that a person must act on or should know, one row a
-- person and audit entry, so that telling twice is impossible.
CREATE TABLE notices (
  province_id uuid NOT NULL, membership_id uuid NOT NULL, seq bigint NOT NULL, tenant_id uuid NOT NULL,
  rule text NOT NULL, kind text NOT NULL, resource text NOT NULL, resource_id uuid NOT NULL, label text NOT NULL, actor_name text NOT NULL, actor_tenant text NOT NULL,
  at timestamptz NOT NULL, due_at timestamptz, read_at timestamptz, closed_at timestamptz, mailed_at timestamptz,
  CONSTRAINT notices_pkey PRIMARY KEY (province_id, membership_id, seq),
  CONSTRAINT notices_kind CHECK (kind IN ('needs', 'info'))
);
CREATE INDEX notices_of_record ON notices (province_id, resource_id) WHERE kind = 'needs' AND closed_at IS NULL;
CREATE INDEX notices_unread ON notices (province_id, membership_id, kind) WHERE read_at IS NULL AND closed_at IS NULL;
CREATE INDEX notices_to_mail ON notices (province_id, membership_id) WHERE kind = 'needs' AND closed_at IS NULL AND read_at IS NULL AND mailed_at IS NULL;
CALL secure('notices', 'tenant', 'tenant');

-- How a person wants to hear by mail of what needs them; no row is once a day.
CREATE TABLE notice_preferences (
  province_id uuid NOT NULL, membership_id uuid NOT NULL, tenant_id uuid NOT NULL, mail text NOT NULL,
  CONSTRAINT notice_preferences_pkey PRIMARY KEY (province_id, membership_id),
  CONSTRAINT notice_preferences_mail CHECK (mail IN ('now', 'daily', 'none'))
);
CALL secure('notice_preferences', 'tenant', 'tenant');

CREATE TABLE webhooks (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, address text NOT NULL, topics text[] NOT NULL,
  secret bytea NOT NULL, old_secret bytea, old_until timestamptz, state text NOT NULL DEFAULT 'active', failures int NOT NULL DEFAULT 0,
  created_by text NOT NULL, version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT webhooks_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT webhooks_state CHECK (state IN ('active', 'warned', 'disabled'))
);
CREATE INDEX webhooks_of_tenant ON webhooks (province_id, tenant_id);
CALL secure('webhooks', 'tenant', 'tenant', 'SELECT, INSERT, UPDATE, DELETE');

-- What was sent, or will be. The entry of the audit trail it tells of makes it
-- unique for its hook; a trial has none.
CREATE TABLE webhook_deliveries (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, webhook_id uuid NOT NULL, seq bigint, topic text NOT NULL, body text NOT NULL,
  state text NOT NULL DEFAULT 'waiting', attempts int NOT NULL DEFAULT 0, status int NOT NULL DEFAULT 0, duration_ms int NOT NULL DEFAULT 0, excerpt text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL, tried_at timestamptz,
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT webhook_deliveries_once UNIQUE (province_id, webhook_id, seq),
  CONSTRAINT webhook_deliveries_state CHECK (state IN ('waiting', 'delivered', 'failed')),
  CONSTRAINT webhook_deliveries_hook FOREIGN KEY (province_id, webhook_id) REFERENCES webhooks (province_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (province_id, webhook_id, id);
CALL secure('webhook_deliveries', 'tenant', 'tenant');
-- +goose Down
