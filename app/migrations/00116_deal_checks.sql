-- +goose Up
-- Who asked blindly about which customer, kept a quarter: what limits asking,
-- for all copies of the portal alike, and shows who fishes.
CREATE TABLE deal_checks (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, user_id uuid NOT NULL, credit_code text NOT NULL,
  answer text NOT NULL, checked_at timestamptz NOT NULL, noticed boolean NOT NULL DEFAULT false,
  CONSTRAINT deal_checks_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT deal_checks_answer CHECK (answer IN ('free', 'protected', 'ask'))
);
CREATE INDEX deal_checks_of_firm ON deal_checks (province_id, partner_id, checked_at, credit_code);
CREATE INDEX deal_checks_by_time ON deal_checks (province_id, checked_at);
CALL secure('deal_checks', 'path', 'owner');
REVOKE INSERT, UPDATE, DELETE ON deal_checks FROM portal_partner;
-- +goose Down
DROP TABLE deal_checks;
