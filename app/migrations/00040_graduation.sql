-- +goose Up
-- What a product of a category must show before it is sold in the whole
-- province. A version is made by one person and published by another.
CREATE TABLE graduation_thresholds (
  province_id uuid NOT NULL, id uuid NOT NULL, category text NOT NULL, number int NOT NULL, state text NOT NULL DEFAULT 'proposed', needs jsonb NOT NULL, note text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  made_by uuid NOT NULL, made_by_name text NOT NULL, made_at timestamptz NOT NULL, checked_by uuid, checked_by_name text NOT NULL DEFAULT '', checked_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT graduation_thresholds_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT graduation_thresholds_number_once UNIQUE (province_id, category, number),
  CONSTRAINT graduation_thresholds_state CHECK (state IN ('proposed', 'published', 'superseded', 'returned')),
  CONSTRAINT graduation_thresholds_duties_apart CHECK (checked_by IS DISTINCT FROM made_by)
);
CREATE UNIQUE INDEX graduation_thresholds_published_once ON graduation_thresholds (province_id, category) WHERE state = 'published';
CREATE UNIQUE INDEX graduation_thresholds_proposed_once ON graduation_thresholds (province_id, category) WHERE state = 'proposed';
CALL secure('graduation_thresholds', 'province', 'none');

-- A city's product on its way to the whole province (upgrade), or a product of
-- the province on its way back (way_back). org_path is of who began it. No
-- figure of a city stands here, so its partner may read its own.
CREATE TABLE graduations (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, kind text NOT NULL, listing_id uuid NOT NULL, solution_id uuid NOT NULL, version_id uuid NOT NULL, partner_id uuid NOT NULL,
  org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, city_name text NOT NULL, solution_name text NOT NULL, semver text NOT NULL, partner_name text NOT NULL, industry text NOT NULL, category text NOT NULL, family text NOT NULL,
  threshold_id uuid, threshold_number int NOT NULL DEFAULT 0, needs jsonb NOT NULL, state text NOT NULL, open boolean NOT NULL DEFAULT false, pitch text NOT NULL,
  nominated_by uuid NOT NULL, nominated_by_name text NOT NULL, nominated_at timestamptz NOT NULL, comments_until timestamptz, comments_told boolean NOT NULL DEFAULT false,
  decided_by uuid, decided_by_name text NOT NULL DEFAULT '', decided_at timestamptz, reason text NOT NULL DEFAULT '', improvements text[] NOT NULL DEFAULT '{}', again_after timestamptz,
  result_listing_id uuid, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT graduations_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT graduations_number_once UNIQUE (province_id, number),
  CONSTRAINT graduations_kind CHECK (kind IN ('upgrade', 'way_back')),
  CONSTRAINT graduations_state CHECK (state IN ('nominated', 'piloting', 'evaluating', 'graduated', 'returned', 'withdrawn', 'consulting', 'demoted', 'archived', 'kept')),
  CONSTRAINT graduations_duties_apart CHECK (decided_by IS DISTINCT FROM nominated_by),
  CONSTRAINT graduations_listing FOREIGN KEY (province_id, listing_id) REFERENCES listings (province_id, id)
);
CREATE UNIQUE INDEX graduations_under_way_once ON graduations (province_id, solution_id) WHERE state IN ('nominated', 'piloting', 'evaluating', 'consulting');
CREATE INDEX graduations_by_updated ON graduations (province_id, updated_at DESC, id);
CREATE INDEX graduations_of_solution ON graduations (province_id, solution_id, nominated_at DESC);
CALL secure('graduations', 'path', 'owner');
-- Partners read how theirs stands; they write none of it.
REVOKE INSERT, UPDATE ON graduations FROM portal_partner;
-- While pilots, comments or a roll-out are open, every city reads it. There are
-- hundreds of these in a province, not millions, so a second policy is cheap.
CREATE POLICY of_cities ON graduations FOR SELECT TO portal_operator USING (province_id = this_province() AND open);

-- The figures a decision was taken on, as they were; no partner reads them.
CREATE TABLE graduation_facts (
  province_id uuid NOT NULL, graduation_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, open boolean NOT NULL, facts jsonb NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT graduation_facts_pkey PRIMARY KEY (province_id, graduation_id),
  CONSTRAINT graduation_facts_graduation FOREIGN KEY (province_id, graduation_id) REFERENCES graduations (province_id, id)
);
CALL secure('graduation_facts', 'path', 'none', 'SELECT, INSERT');
CREATE POLICY of_cities ON graduation_facts FOR SELECT TO portal_operator USING (province_id = this_province() AND open);
REVOKE DELETE ON graduation_facts FROM portal_system;

-- Cities that try the product, each with its own dates and targets; the cities
-- of a province compare themselves, so all of them read all.
CREATE TABLE graduation_pilots (
  province_id uuid NOT NULL, id uuid NOT NULL, graduation_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, city_name text NOT NULL, state text NOT NULL DEFAULT 'running',
  starts_on date NOT NULL, ends_on date NOT NULL, target_accounts bigint NOT NULL, target_fen bigint NOT NULL, note text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  by_id uuid NOT NULL, by_name text NOT NULL, at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT graduation_pilots_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT graduation_pilots_city_once UNIQUE (province_id, graduation_id, city_code),
  CONSTRAINT graduation_pilots_state CHECK (state IN ('running', 'left')),
  CONSTRAINT graduation_pilots_dates CHECK (starts_on < ends_on),
  CONSTRAINT graduation_pilots_targets CHECK (target_accounts > 0 AND target_fen >= 0),
  CONSTRAINT graduation_pilots_graduation FOREIGN KEY (province_id, graduation_id) REFERENCES graduations (province_id, id)
);
CALL secure('graduation_pilots', 'province', 'none');

-- What product managers of cities say before the decision, to all of them.
CREATE TABLE graduation_comments (
  province_id uuid NOT NULL, id uuid NOT NULL, graduation_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, tenant_name text NOT NULL, author_id uuid NOT NULL, author_name text NOT NULL,
  stance text NOT NULL, body text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT graduation_comments_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT graduation_comments_stance CHECK (stance IN ('support', 'concern', 'oppose')),
  CONSTRAINT graduation_comments_graduation FOREIGN KEY (province_id, graduation_id) REFERENCES graduations (province_id, id)
);
CREATE INDEX graduation_comments_of ON graduation_comments (province_id, graduation_id, at);
CALL secure('graduation_comments', 'province', 'none', 'SELECT, INSERT');
REVOKE DELETE ON graduation_comments FROM portal_system;

-- One city's answer to a product of the whole province, or to its way back.
CREATE TABLE rollout_tasks (
  province_id uuid NOT NULL, id uuid NOT NULL, graduation_id uuid NOT NULL, kind text NOT NULL, solution_id uuid NOT NULL, solution_name text NOT NULL, semver text NOT NULL, partner_name text NOT NULL,
  org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, city_name text NOT NULL, state text NOT NULL DEFAULT 'open', later_on date, reason_code text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL, late boolean NOT NULL DEFAULT false, answered_by_name text NOT NULL DEFAULT '', answered_at timestamptz, version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT rollout_tasks_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT rollout_tasks_city_once UNIQUE (province_id, graduation_id, city_code),
  CONSTRAINT rollout_tasks_kind CHECK (kind IN ('upgrade', 'way_back')),
  CONSTRAINT rollout_tasks_state CHECK (state IN ('open', 'adopted', 'later', 'declined', 'keep', 'release', 'closed')),
  CONSTRAINT rollout_tasks_reasoned CHECK (state NOT IN ('declined', 'later', 'release') OR reason_code <> ''),
  CONSTRAINT rollout_tasks_dated CHECK ((state = 'later') = (later_on IS NOT NULL)),
  CONSTRAINT rollout_tasks_graduation FOREIGN KEY (province_id, graduation_id) REFERENCES graduations (province_id, id)
);
CREATE INDEX rollout_tasks_by_updated ON rollout_tasks (province_id, updated_at DESC, id);
CREATE INDEX rollout_tasks_of_solution ON rollout_tasks (province_id, solution_id);
CREATE INDEX rollout_tasks_due ON rollout_tasks (province_id, due_at) WHERE state = 'open';
CALL secure('rollout_tasks', 'path', 'none');

-- Where each product family stands in a quarter, as computed and as somebody
-- thinks better.
CREATE TABLE product_maps (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, quarter text COLLATE "C" NOT NULL, family text NOT NULL, facts jsonb NOT NULL,
  quadrant text NOT NULL, class text NOT NULL, override_quadrant text NOT NULL DEFAULT '', override_class text NOT NULL DEFAULT '', override_reason text NOT NULL DEFAULT '',
  override_by_name text NOT NULL DEFAULT '', override_at timestamptz, computed_at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT product_maps_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT product_maps_family_once UNIQUE (province_id, quarter, family),
  CONSTRAINT product_maps_quadrant CHECK (quadrant IN ('core', 'potential', 'reserve', 'observe') AND override_quadrant IN ('', 'core', 'potential', 'reserve', 'observe')),
  CONSTRAINT product_maps_class CHECK (class IN ('star', 'cow', 'question', 'dog') AND override_class IN ('', 'star', 'cow', 'question', 'dog')),
  CONSTRAINT product_maps_reasoned CHECK ((override_quadrant = '' AND override_class = '') = (override_reason = ''))
);
CALL secure('product_maps', 'path', 'none');

-- The figures are asked by solution.
CREATE INDEX services_of_solution ON services (province_id, solution_id, state);
CREATE INDEX orders_of_solution ON orders (province_id, solution_id);
CREATE INDEX tickets_of_service ON tickets (province_id, service_id);
-- +goose Down
