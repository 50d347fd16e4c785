-- +goose Up
-- Mail domains that a tenant's sign-in services speak for. A domain leads
-- people to them only while a TXT record of its zone says so.
CREATE TABLE mail_domains (
  province_id uuid NOT NULL, id uuid NOT NULL, tenant_id uuid NOT NULL, domain text COLLATE "C" NOT NULL, token text NOT NULL,
  state text NOT NULL DEFAULT 'pending', checked_at timestamptz, failures int NOT NULL DEFAULT 0, failed_on date, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT mail_domains_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT mail_domains_once UNIQUE (province_id, tenant_id, domain),
  CONSTRAINT mail_domains_state CHECK (state IN ('pending', 'proven', 'failing', 'unproven')),
  CONSTRAINT mail_domains_tenant FOREIGN KEY (province_id, tenant_id) REFERENCES tenants (province_id, id)
);
CALL secure('mail_domains', 'tenant', 'tenant');
CREATE POLICY of_login ON mail_domains FOR SELECT TO portal USING (true);
GRANT SELECT ON mail_domains TO portal;
COMMENT ON TABLE mail_domains IS 'dist=reference';
CREATE INDEX mail_domains_by_domain ON mail_domains (domain);

-- Domains that lead people already go on doing so; the daily check gives their
-- tenants its three days to publish the record.
ALTER TABLE providers NO FORCE ROW LEVEL SECURITY;
ALTER TABLE mail_domains NO FORCE ROW LEVEL SECURITY;
INSERT INTO mail_domains (province_id, id, tenant_id, domain, token, state)
SELECT DISTINCT ON (p.province_id, p.tenant_id, d) p.province_id, gen_random_uuid(), p.tenant_id, d, replace(gen_random_uuid()::text, '-', ''), 'proven'
FROM providers p, unnest(p.domains) d;
ALTER TABLE providers FORCE ROW LEVEL SECURITY;
ALTER TABLE mail_domains FORCE ROW LEVEL SECURITY;

-- What is kept for a time only is found without reading the rest.
CREATE INDEX notices_done ON notices (province_id, at) WHERE read_at IS NOT NULL OR closed_at IS NOT NULL;
CREATE INDEX webhook_deliveries_done ON webhook_deliveries (province_id, created_at) WHERE state <> 'waiting';
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (province_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);
GRANT DELETE ON sessions TO portal;
-- +goose Down
