-- +goose Up

-- Business dates and months are text: YYYY-MM-DD and YYYY-MM of Asia/Shanghai.
CREATE TABLE commission_plans (
  province_id uuid NOT NULL, id uuid NOT NULL, plan text COLLATE "C" NOT NULL, number int NOT NULL, city text COLLATE "C" NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'draft', valid_from text COLLATE "C" NOT NULL, valid_to text COLLATE "C" NOT NULL DEFAULT '', document jsonb NOT NULL,
  maker_id uuid NOT NULL, maker_name text NOT NULL, editors text[] NOT NULL, checker_id uuid, checker_name text NOT NULL DEFAULT '',
  published_at timestamptz, published_order int NOT NULL DEFAULT 0, reason text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT commission_plans_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT commission_plans_number_once UNIQUE (province_id, plan, number),
  CONSTRAINT commission_plans_state CHECK (state IN ('draft', 'submitted', 'published', 'rejected')),
  CONSTRAINT commission_plans_dates CHECK (valid_from ~ '^\d{4}-\d\d-\d\d$' AND valid_to ~ '^(\d{4}-\d\d-\d\d)?$'),
  CONSTRAINT commission_plans_second_person CHECK (checker_id IS NULL OR checker_id <> maker_id AND NOT checker_id::text = ANY (editors)),
  CONSTRAINT commission_plans_published_by CHECK (state <> 'published' OR checker_id IS NOT NULL AND published_at IS NOT NULL)
);
CREATE INDEX commission_plans_published ON commission_plans (province_id, city, valid_from) WHERE state = 'published';
CALL secure('commission_plans', 'province', 'none');
-- +goose StatementBegin
CREATE FUNCTION commission_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published plan version is immutable' USING ERRCODE = 'check_violation', CONSTRAINT = 'commission_plans_immutable';
END $$;
-- +goose StatementEnd
CREATE TRIGGER commission_plans_immutable BEFORE UPDATE OR DELETE ON commission_plans FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION commission_plan_stays();
COMMENT ON TRIGGER commission_plans_immutable ON commission_plans IS 'dist-ok: looks at its own row only';

-- partner_id is the seller; the zero uuid where the operator sold itself.
CREATE TABLE commission_events (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL, kind text NOT NULL, at timestamptz NOT NULL, business_date text COLLATE "C" NOT NULL, month text COLLATE "C" NOT NULL,
  amount_fen bigint NOT NULL, units bigint NOT NULL DEFAULT 0, n int NOT NULL DEFAULT 0, of_id uuid,
  service_id uuid NOT NULL, service_number text COLLATE "C" NOT NULL, facts jsonb NOT NULL, hash text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT commission_events_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT commission_events_external_once UNIQUE (province_id, external_id),
  CONSTRAINT commission_events_kind CHECK (kind IN ('activation', 'recurring', 'refund', 'ended')),
  CONSTRAINT commission_events_amount CHECK (CASE kind WHEN 'refund' THEN amount_fen < 0 AND of_id IS NOT NULL WHEN 'ended' THEN amount_fen = 0 ELSE amount_fen >= 0 END),
  CONSTRAINT commission_events_of FOREIGN KEY (province_id, of_id) REFERENCES commission_events (province_id, id)
);
CREATE INDEX commission_events_cell ON commission_events (province_id, partner_id, month);
CREATE INDEX commission_events_month ON commission_events (province_id, month);
CREATE INDEX commission_events_service ON commission_events (province_id, service_id);
CREATE INDEX commission_events_number ON commission_events (province_id, service_number);
CREATE INDEX commission_events_refunds ON commission_events (province_id, of_id) WHERE of_id IS NOT NULL;
CREATE UNIQUE INDEX commission_events_activation_once ON commission_events (province_id, service_id) WHERE kind = 'activation';
CREATE UNIQUE INDEX commission_events_billing_month_once ON commission_events (province_id, service_id, n) WHERE kind = 'recurring';
CALL secure('commission_events', 'path', 'owner', 'SELECT, INSERT');

CREATE TABLE commission_periods (
  province_id uuid NOT NULL, month text COLLATE "C" NOT NULL, state text NOT NULL DEFAULT 'open',
  job_id uuid, job_state text NOT NULL DEFAULT '', job_progress int NOT NULL DEFAULT 0, job_reason text NOT NULL DEFAULT '', job_at timestamptz,
  calculated_at timestamptz, issued_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT commission_periods_pkey PRIMARY KEY (province_id, month),
  CONSTRAINT commission_periods_month CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  CONSTRAINT commission_periods_state CHECK (state IN ('open', 'calculated', 'issued', 'confirmed', 'approved', 'paid', 'closed')),
  CONSTRAINT commission_periods_job CHECK (job_state IN ('', 'waiting', 'running', 'done', 'failed'))
);
CALL secure('commission_periods', 'province', 'none');

CREATE TABLE statements (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, number text COLLATE "C" NOT NULL,
  partner_name text NOT NULL, month text COLLATE "C" NOT NULL, lines int NOT NULL, total_fen bigint NOT NULL, held_fen bigint NOT NULL DEFAULT 0,
  carry_in_fen bigint NOT NULL, payable_fen bigint NOT NULL, carry_out_fen bigint NOT NULL, why_zh text NOT NULL DEFAULT '', why_en text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'issued', issued_at timestamptz NOT NULL, confirm_by timestamptz NOT NULL, confirmed_at timestamptz, deemed boolean NOT NULL DEFAULT false,
  paid_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT statements_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT statements_number_once UNIQUE (province_id, number),
  CONSTRAINT statements_month_once UNIQUE (province_id, partner_id, month),
  CONSTRAINT statements_state CHECK (state IN ('issued', 'confirmed', 'approved', 'paid', 'closed')),
  CONSTRAINT statements_never_below_zero CHECK (payable_fen >= 0 AND carry_in_fen <= 0 AND carry_out_fen <= 0 AND held_fen >= 0),
  CONSTRAINT statements_sum CHECK (payable_fen + carry_out_fen = total_fen - held_fen + carry_in_fen)
);
CREATE INDEX statements_recent ON statements (province_id, month DESC, id DESC);
CALL secure('statements', 'path', 'owner');
REVOKE INSERT, UPDATE ON statements FROM portal_partner;
GRANT UPDATE (state, confirmed_at, held_fen, payable_fen, carry_out_fen, version) ON statements TO portal_partner;

-- One line per event, accrual it is about, basis and kind. cell_month is the
-- month it was computed in, month the one it is posted in.
CREATE TABLE commission_lines (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  event_id uuid NOT NULL, of_id uuid NOT NULL, basis text NOT NULL, kind text NOT NULL, corrects uuid, plan_id uuid NOT NULL, rule_id text NOT NULL,
  cell_month text COLLATE "C" NOT NULL, month text COLLATE "C" NOT NULL, business_date text COLLATE "C" NOT NULL, due_on text COLLATE "C" NOT NULL,
  line_fen bigint NOT NULL, explain jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT commission_lines_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT commission_lines_kind CHECK (kind IN ('accrual', 'adjustment', 'refund', 'clawback')),
  CONSTRAINT commission_lines_adjustment_names CHECK ((kind = 'adjustment') = (corrects IS NOT NULL)),
  CONSTRAINT commission_lines_event FOREIGN KEY (province_id, event_id) REFERENCES commission_events (province_id, id),
  CONSTRAINT commission_lines_of FOREIGN KEY (province_id, of_id) REFERENCES commission_events (province_id, id),
  CONSTRAINT commission_lines_corrects FOREIGN KEY (province_id, corrects) REFERENCES commission_lines (province_id, id)
);
CREATE UNIQUE INDEX commission_lines_once ON commission_lines (province_id, event_id, of_id, basis) WHERE kind <> 'adjustment';
CREATE UNIQUE INDEX commission_lines_adjustment_once ON commission_lines (province_id, corrects, month) WHERE kind = 'adjustment';
CREATE INDEX commission_lines_cell ON commission_lines (province_id, partner_id, cell_month);
CREATE INDEX commission_lines_month ON commission_lines (province_id, month);
CALL secure('commission_lines', 'path', 'owner');

-- A party's part of a line, with all that the party may know of the line.
CREATE TABLE commission_shares (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, line_id uuid NOT NULL,
  seller_id uuid NOT NULL, cell_month text COLLATE "C" NOT NULL, month text COLLATE "C" NOT NULL, party text COLLATE "C" NOT NULL, party_name text NOT NULL, ppm bigint NOT NULL,
  share_fen bigint NOT NULL, line_fen bigint NOT NULL, state text NOT NULL, due_on text COLLATE "C" NOT NULL,
  statement_id uuid, disputed_in uuid, dispute text NOT NULL DEFAULT '', disputed_at timestamptz, outcome text NOT NULL DEFAULT '',
  kind text NOT NULL, event_kind text NOT NULL, at timestamptz NOT NULL, business_date text COLLATE "C" NOT NULL,
  account_name text NOT NULL, product text NOT NULL, order_number text NOT NULL, basis_fen bigint NOT NULL, units bigint NOT NULL,
  explain jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT commission_shares_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT commission_shares_party_once UNIQUE (province_id, line_id, party),
  CONSTRAINT commission_shares_state CHECK (state IN ('held', 'due', 'in_statement', 'confirmed', 'disputed', 'paid')),
  CONSTRAINT commission_shares_in_statement CHECK ((state IN ('held', 'due')) = (statement_id IS NULL)),
  CONSTRAINT commission_shares_line FOREIGN KEY (province_id, line_id) REFERENCES commission_lines (province_id, id),
  CONSTRAINT commission_shares_statement FOREIGN KEY (province_id, statement_id) REFERENCES statements (province_id, id)
);
CREATE INDEX commission_shares_of_partner ON commission_shares (province_id, partner_id, at DESC, id DESC);
CREATE INDEX commission_shares_by_time ON commission_shares (province_id, at DESC, id DESC);
CREATE INDEX commission_shares_cell ON commission_shares (province_id, seller_id, cell_month);
CREATE INDEX commission_shares_of_statement ON commission_shares (province_id, statement_id) WHERE statement_id IS NOT NULL;
CREATE INDEX commission_shares_disputed_in ON commission_shares (province_id, disputed_in) WHERE disputed_in IS NOT NULL;
CREATE INDEX commission_shares_waiting ON commission_shares (province_id, state, due_on) WHERE statement_id IS NULL;
CREATE INDEX commission_shares_month ON commission_shares (province_id, month);
CALL secure('commission_shares', 'path', 'owner');
REVOKE INSERT, UPDATE ON commission_lines, commission_shares FROM portal_partner;
REVOKE INSERT ON commission_events FROM portal_partner;
GRANT UPDATE (state, dispute, disputed_at, updated_at) ON commission_shares TO portal_partner;

-- What is owed to each partner, in fen: a running figure of the postings, kept
-- so that a posting need not sum them. committed is payable in statements that
-- are not paid yet; a clawback must not eat it.
CREATE TABLE commission_balances (
  province_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  held_fen bigint NOT NULL DEFAULT 0, due_fen bigint NOT NULL DEFAULT 0, receivable_fen bigint NOT NULL DEFAULT 0, committed_fen bigint NOT NULL DEFAULT 0,
  CONSTRAINT commission_balances_pkey PRIMARY KEY (province_id, partner_id),
  CONSTRAINT commission_balances_signs CHECK (held_fen >= 0 AND due_fen >= 0 AND receivable_fen >= 0 AND committed_fen >= 0)
);
CALL secure('commission_balances', 'path', 'owner');
REVOKE INSERT, UPDATE ON commission_balances FROM portal_partner;
GRANT UPDATE (committed_fen) ON commission_balances TO portal_partner;

-- The ledger is only ever added to. An amount moves from accounts with a minus
-- to accounts with a plus; postings of an entry sum to zero.
CREATE TABLE ledger_entries (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, kind text NOT NULL, at timestamptz NOT NULL,
  month text COLLATE "C" NOT NULL, line_id uuid, share_id uuid, statement_id uuid,
  CONSTRAINT ledger_entries_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT ledger_entries_kind CHECK (kind IN ('accrual', 'reverse', 'adjustment', 'hold_over', 'refund', 'clawback', 'netting', 'payout', 'payout_confirmed', 'payout_bounced'))
);
CREATE INDEX ledger_entries_of_partner ON ledger_entries (province_id, partner_id, at);
CREATE INDEX ledger_entries_of_share ON ledger_entries (province_id, share_id) WHERE share_id IS NOT NULL;
CALL secure('ledger_entries', 'path', 'owner', 'SELECT, INSERT');
CREATE TABLE ledger_postings (
  province_id uuid NOT NULL, entry_id uuid NOT NULL, account text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  amount_fen bigint NOT NULL, currency text NOT NULL DEFAULT 'CNY',
  CONSTRAINT ledger_postings_pkey PRIMARY KEY (province_id, entry_id, account),
  CONSTRAINT ledger_postings_account CHECK (account ~ '^(expense:commission:.*|payable:[0-9a-f-]{36}:(held|due)|receivable:[0-9a-f-]{36}:clawback|clearing:payout|cash)$'),
  CONSTRAINT ledger_postings_nonzero CHECK (amount_fen <> 0),
  CONSTRAINT ledger_postings_currency CHECK (currency = 'CNY'),
  CONSTRAINT ledger_postings_entry FOREIGN KEY (province_id, entry_id) REFERENCES ledger_entries (province_id, id)
);
CREATE INDEX ledger_postings_of_partner ON ledger_postings (province_id, partner_id, account);
CALL secure('ledger_postings', 'path', 'owner', 'SELECT, INSERT');
-- +goose StatementBegin
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added GROUP BY province_id, entry_id HAVING sum(amount_fen) <> 0) THEN
    RAISE EXCEPTION 'an entry of the ledger does not balance' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_postings_balanced';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ledger_postings_balanced AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_balanced();
COMMENT ON TRIGGER ledger_postings_balanced ON ledger_postings IS 'dist-ok: postings of an entry lie together, by province_id';
REVOKE INSERT ON ledger_entries, ledger_postings FROM portal_partner;
-- Nothing of this is deleted, by nobody.
REVOKE DELETE ON ledger_entries, ledger_postings, commission_events, commission_lines, commission_shares, statements, commission_periods, commission_balances, commission_plans FROM portal_system;
-- +goose Down
