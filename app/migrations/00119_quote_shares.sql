-- +goose Up
-- Every form a quote had, as it was.
CREATE TABLE quote_revisions (
  province_id uuid NOT NULL, quote_id uuid NOT NULL, number int NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, solution_name text NOT NULL,
  price jsonb NOT NULL, total_fen bigint NOT NULL, discount_ppm bigint NOT NULL, term_months int NOT NULL, customer_note text NOT NULL, valid_until timestamptz NOT NULL, by_name text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT quote_revisions_pkey PRIMARY KEY (province_id, quote_id, number),
  CONSTRAINT quote_revisions_quote FOREIGN KEY (province_id, quote_id) REFERENCES quotes (province_id, id)
);
CALL secure('quote_revisions', 'path', 'owner', 'SELECT, INSERT');
REVOKE DELETE ON quote_revisions FROM portal_system;
INSERT INTO quote_revisions SELECT province_id, id, 1, org_path, partner_id, solution_name, price, total_fen, discount_ppm, term_months, customer_note, valid_until, created_by_name, updated_at FROM quotes;
ALTER TABLE quotes ADD COLUMN revision int NOT NULL DEFAULT 1, ADD COLUMN accepted_revision int, ADD COLUMN accepted_by text NOT NULL DEFAULT '', ADD COLUMN accepted_at timestamptz,
  ADD CONSTRAINT quotes_accepted CHECK ((accepted_revision IS NULL) = (accepted_at IS NULL));

-- A link by which the customer reads one form of a quote without a login.
CREATE TABLE quote_shares (
  province_id uuid NOT NULL, id uuid NOT NULL, quote_id uuid NOT NULL, revision int NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, secret_hash bytea NOT NULL,
  by_name text NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, revoked_at timestamptz, opens bigint NOT NULL DEFAULT 0, opened_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT quote_shares_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT quote_shares_secret_once UNIQUE (province_id, secret_hash),
  CONSTRAINT quote_shares_revision FOREIGN KEY (province_id, quote_id, revision) REFERENCES quote_revisions (province_id, quote_id, number)
);
CREATE INDEX quote_shares_of_quote ON quote_shares (province_id, quote_id);
CALL secure('quote_shares', 'path', 'owner');
REVOKE DELETE ON quote_shares FROM portal_system;

-- What the customer asks through the link, and what is answered.
CREATE TABLE quote_messages (
  province_id uuid NOT NULL, id uuid NOT NULL, quote_id uuid NOT NULL, share_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, customer boolean NOT NULL, name text NOT NULL, text text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT quote_messages_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT quote_messages_share FOREIGN KEY (province_id, share_id) REFERENCES quote_shares (province_id, id)
);
CREATE INDEX quote_messages_of_quote ON quote_messages (province_id, quote_id, at);
CALL secure('quote_messages', 'path', 'owner', 'SELECT, INSERT');
REVOKE DELETE ON quote_messages FROM portal_system;
-- +goose Down
DROP TABLE quote_messages;
DROP TABLE quote_shares;
ALTER TABLE quotes DROP COLUMN revision, DROP COLUMN accepted_revision, DROP COLUMN accepted_by, DROP COLUMN accepted_at;
DROP TABLE quote_revisions;
