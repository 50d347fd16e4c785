-- +goose Up
-- Where a firm is paid, and how it is taxed. Rates are ppm.
CREATE TABLE payees (
  province_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  holder text NOT NULL, bank text NOT NULL, branch text NOT NULL, account_number text COLLATE "C" NOT NULL, taxpayer text NOT NULL,
  changed_by uuid NOT NULL, changed_name text NOT NULL, changed_at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT payees_pkey PRIMARY KEY (province_id, partner_id),
  CONSTRAINT payees_number CHECK (account_number ~ '^\d{8,30}$'),
  CONSTRAINT payees_taxpayer CHECK (taxpayer IN ('general', 'small'))
);
CALL secure('payees', 'path', 'owner');

CREATE TABLE invoices (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, statement_id uuid NOT NULL,
  number text COLLATE "C" NOT NULL, kind text NOT NULL, issued_on text COLLATE "C" NOT NULL, amount_fen bigint NOT NULL, tax_fen bigint NOT NULL, rate_ppm bigint NOT NULL,
  file_id uuid, state text NOT NULL DEFAULT 'sent', reason text NOT NULL DEFAULT '', created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT invoices_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT invoices_statement FOREIGN KEY (province_id, statement_id) REFERENCES statements (province_id, id),
  CONSTRAINT invoices_state CHECK (state IN ('sent', 'accepted', 'returned', 'withdrawn')),
  CONSTRAINT invoices_kind CHECK (kind IN ('special', 'ordinary')),
  CONSTRAINT invoices_money CHECK (amount_fen > 0 AND tax_fen >= 0 AND tax_fen < amount_fen AND rate_ppm >= 0)
);
CREATE UNIQUE INDEX invoices_number_once ON invoices (province_id, number) WHERE state IN ('sent', 'accepted');
CREATE INDEX invoices_of_statement ON invoices (province_id, statement_id);
CALL secure('invoices', 'path', 'owner');

-- Who makes a batch never checks it.
CREATE TABLE payout_batches (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, number text COLLATE "C" NOT NULL, layout text NOT NULL, state text NOT NULL DEFAULT 'made',
  payouts int NOT NULL, total_fen bigint NOT NULL, makers uuid[] NOT NULL, maker_name text NOT NULL, checkers uuid[] NOT NULL DEFAULT '{}', checker_name text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '', created_at timestamptz NOT NULL, checked_at timestamptz, sent_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT payout_batches_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT payout_batches_number_once UNIQUE (province_id, number),
  CONSTRAINT payout_batches_state CHECK (state IN ('made', 'checked', 'sent', 'reconciled', 'rejected', 'cancelled')),
  CONSTRAINT payout_batches_second_person CHECK (NOT makers && checkers AND (state NOT IN ('checked', 'sent', 'reconciled') OR checkers <> '{}')),
  CONSTRAINT payout_batches_sum CHECK (payouts > 0 AND total_fen > 0)
);
CREATE INDEX payout_batches_recent ON payout_batches (province_id, number DESC, id DESC);
CALL secure('payout_batches', 'path', 'none');

-- What is paid for one statement, with where it goes as it stood when made.
CREATE TABLE payouts (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, batch_id uuid NOT NULL, statement_id uuid NOT NULL,
  number text COLLATE "C" NOT NULL, statement_number text NOT NULL, month text COLLATE "C" NOT NULL, partner_name text NOT NULL, amount_fen bigint NOT NULL, tax_fen bigint NOT NULL, invoice_numbers text NOT NULL,
  holder text NOT NULL, bank text NOT NULL, branch text NOT NULL, account_number text COLLATE "C" NOT NULL, account_changed boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'made', reference text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '', sent_at timestamptz, answered_at timestamptz, created_at timestamptz NOT NULL,
  CONSTRAINT payouts_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT payouts_number_once UNIQUE (province_id, number),
  CONSTRAINT payouts_state CHECK (state IN ('made', 'sent', 'paid', 'failed', 'dropped')),
  CONSTRAINT payouts_amount CHECK (amount_fen > 0),
  CONSTRAINT payouts_batch FOREIGN KEY (province_id, batch_id) REFERENCES payout_batches (province_id, id),
  CONSTRAINT payouts_statement FOREIGN KEY (province_id, statement_id) REFERENCES statements (province_id, id)
);
CREATE UNIQUE INDEX payouts_live_once ON payouts (province_id, statement_id) WHERE state IN ('made', 'sent', 'paid');
CREATE INDEX payouts_of_batch ON payouts (province_id, batch_id);
CREATE INDEX payouts_of_statement ON payouts (province_id, statement_id);
CALL secure('payouts', 'path', 'owner');
REVOKE INSERT, UPDATE ON payouts FROM portal_partner;
REVOKE DELETE ON payees, invoices, payout_batches, payouts FROM portal_system;
ALTER TABLE ledger_entries ADD COLUMN payout_id uuid;
CREATE INDEX ledger_entries_of_payout ON ledger_entries (province_id, payout_id) WHERE payout_id IS NOT NULL;
-- +goose Down
ALTER TABLE ledger_entries DROP COLUMN payout_id;
DROP TABLE payouts, payout_batches, invoices, payees;
