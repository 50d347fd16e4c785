-- +goose Up
CREATE TABLE deals (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, partner_name text NOT NULL, org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, district_code text NOT NULL,
  account_id uuid, account_name text NOT NULL, credit_code text COLLATE "C" NOT NULL, offers jsonb NOT NULL, products text[] NOT NULL, families text[] NOT NULL,
  state text NOT NULL DEFAULT 'registered', stage text NOT NULL DEFAULT 'analysis', amount_fen bigint NOT NULL, close_on date, contact_name text NOT NULL DEFAULT '', contact_phone text NOT NULL DEFAULT '',
  need text NOT NULL DEFAULT '', files text[] NOT NULL DEFAULT '{}', agent_id uuid NOT NULL, agent_name text NOT NULL, extended boolean NOT NULL DEFAULT false, reason text NOT NULL DEFAULT '',
  registered_at timestamptz NOT NULL, due_at timestamptz, protected_until timestamptz, reviewer_id uuid, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT deals_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT deals_number_once UNIQUE (province_id, number),
  CONSTRAINT deals_state CHECK (state IN ('registered', 'under_review', 'protected', 'won', 'lost', 'expired', 'rejected', 'withdrawn')),
  CONSTRAINT deals_stage CHECK (stage IN ('analysis', 'trust', 'need', 'value', 'commitment', 'collection')),
  CONSTRAINT deals_amount CHECK (amount_fen >= 0),
  CONSTRAINT deals_duties_apart CHECK (reviewer_id IS DISTINCT FROM agent_id)
);
CREATE INDEX deals_of_partner ON deals (province_id, partner_id, updated_at DESC, id);
CREATE INDEX deals_by_updated ON deals (province_id, updated_at DESC, id);
CREATE INDEX deals_by_code ON deals (province_id, credit_code, state);
CREATE INDEX deals_ending ON deals (province_id, protected_until) WHERE state = 'protected';
CALL secure('deals', 'path', 'owner');

CREATE TABLE quotes (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, seller_name text NOT NULL, org_path text COLLATE "C" NOT NULL, city_code text NOT NULL,
  deal_id uuid, account_id uuid NOT NULL, account_name text NOT NULL, listing_id uuid NOT NULL, solution_name text NOT NULL,
  price jsonb NOT NULL, total_fen bigint NOT NULL, discount_ppm bigint NOT NULL DEFAULT 0, term_months int NOT NULL, customer_note text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'draft', order_id uuid, created_by uuid NOT NULL, created_by_name text NOT NULL, valid_until timestamptz NOT NULL,
  version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT quotes_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT quotes_number_once UNIQUE (province_id, number),
  CONSTRAINT quotes_state CHECK (state IN ('draft', 'ordered', 'expired')),
  CONSTRAINT quotes_total CHECK (total_fen >= 0)
);
CREATE INDEX quotes_of_partner ON quotes (province_id, partner_id, updated_at DESC, id);
CREATE INDEX quotes_by_updated ON quotes (province_id, updated_at DESC, id);
CREATE INDEX quotes_of_deal ON quotes (province_id, deal_id);
CALL secure('quotes', 'path', 'owner');

CREATE TABLE orders (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, seller_name text NOT NULL, supplier_id uuid NOT NULL, supplier_name text NOT NULL,
  org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, deal_id uuid, quote_id uuid NOT NULL, account_id uuid NOT NULL, account_name text NOT NULL, account_kind text NOT NULL, new_account boolean NOT NULL,
  listing_id uuid NOT NULL, solution_id uuid NOT NULL, solution_name text NOT NULL, family text NOT NULL, category text NOT NULL,
  price jsonb NOT NULL, total_fen bigint NOT NULL, one_off_fen bigint NOT NULL, monthly_fen bigint NOT NULL, units bigint NOT NULL, term_months int NOT NULL,
  state text NOT NULL DEFAULT 'submitted', due_on date, acceptance text NOT NULL DEFAULT '', files text[] NOT NULL DEFAULT '{}', submitted_by uuid NOT NULL,
  submitted_at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT orders_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT orders_number_once UNIQUE (province_id, number),
  CONSTRAINT orders_quote_once UNIQUE (province_id, quote_id),
  CONSTRAINT orders_state CHECK (state IN ('draft', 'submitted', 'accepted', 'provisioning', 'delivered', 'active', 'suspended', 'ended', 'cancelled')),
  CONSTRAINT orders_quote FOREIGN KEY (province_id, quote_id) REFERENCES quotes (province_id, id)
);
CREATE INDEX orders_of_partner ON orders (province_id, partner_id, updated_at DESC, id);
CREATE INDEX orders_by_updated ON orders (province_id, updated_at DESC, id);
CREATE INDEX orders_of_account ON orders (province_id, account_id);
CREATE INDEX orders_of_deal ON orders (province_id, deal_id);
CALL secure('orders', 'path', 'owner');

-- The SI's task. It carries what the SI needs of the order, so that the SI
-- needs no sight of the order itself.
CREATE TABLE deliveries (
  province_id uuid NOT NULL, id uuid NOT NULL, order_id uuid NOT NULL, order_number text NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, account_id uuid NOT NULL, account_name text NOT NULL,
  solution_name text NOT NULL, contact_name text NOT NULL, contact_phone text NOT NULL, address text NOT NULL, elements text[] NOT NULL,
  state text NOT NULL DEFAULT 'waiting', due_on date NOT NULL, note text NOT NULL DEFAULT '', done_at timestamptz, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT deliveries_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT deliveries_order_once UNIQUE (province_id, order_id),
  CONSTRAINT deliveries_state CHECK (state IN ('waiting', 'in_progress', 'done', 'accepted', 'cancelled')),
  CONSTRAINT deliveries_order FOREIGN KEY (province_id, order_id) REFERENCES orders (province_id, id)
);
CREATE INDEX deliveries_of_partner ON deliveries (province_id, partner_id, due_on, id);
CALL secure('deliveries', 'path', 'owner');

CREATE TABLE services (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, order_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, account_id uuid NOT NULL, account_name text NOT NULL,
  solution_id uuid NOT NULL, solution_name text NOT NULL, state text NOT NULL DEFAULT 'active', active_at timestamptz NOT NULL, ended_at timestamptz, monthly_fen bigint NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT services_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT services_number_once UNIQUE (province_id, number),
  CONSTRAINT services_order_once UNIQUE (province_id, order_id),
  CONSTRAINT services_state CHECK (state IN ('active', 'suspended', 'ended')),
  CONSTRAINT services_order FOREIGN KEY (province_id, order_id) REFERENCES orders (province_id, id)
);
CREATE INDEX services_of_account ON services (province_id, account_id, state);
CALL secure('services', 'path', 'owner');
-- +goose Down
