-- +goose Up
-- How points follow from facts, and what each tier asks for. A version is made
-- by one person, runs beside the one in force without changing anything, and is
-- published by another.
CREATE TABLE tier_formulas (
  province_id uuid NOT NULL, id uuid NOT NULL, number int NOT NULL, state text NOT NULL DEFAULT 'proposed', document jsonb NOT NULL, note text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  made_by uuid NOT NULL, made_by_name text NOT NULL, makers uuid[] NOT NULL, made_at timestamptz NOT NULL, checked_by uuid, checked_by_name text NOT NULL DEFAULT '', checkers uuid[] NOT NULL DEFAULT '{}', checked_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT tier_formulas_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT tier_formulas_number_once UNIQUE (province_id, number),
  CONSTRAINT tier_formulas_state CHECK (state IN ('proposed', 'published', 'superseded', 'returned')),
  CONSTRAINT tier_formulas_duties_apart CHECK (made_by = ANY (makers) AND (checked_by IS NULL OR checked_by = ANY (checkers)) AND NOT makers && checkers)
);
CREATE UNIQUE INDEX tier_formulas_published_once ON tier_formulas (province_id) WHERE state = 'published';
CREATE UNIQUE INDEX tier_formulas_proposed_once ON tier_formulas (province_id) WHERE state = 'proposed';
CALL secure('tier_formulas', 'province', 'none');

-- What a firm did in a quarter and what the formula makes of it, as it was. A
-- shadow is of a formula that is not in force.
CREATE TABLE tier_evaluations (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_name text NOT NULL, quarter text COLLATE "C" NOT NULL, formula_id uuid NOT NULL, formula_number int NOT NULL, shadow boolean NOT NULL,
  tier text NOT NULL, result text NOT NULL, band text NOT NULL, points bigint NOT NULL, facts jsonb NOT NULL, warned boolean NOT NULL DEFAULT false, at timestamptz NOT NULL,
  CONSTRAINT tier_evaluations_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT tier_evaluations_once UNIQUE (province_id, partner_id, quarter, formula_id),
  CONSTRAINT tier_evaluations_tiers CHECK (tier IN ('registered', 'certified', 'preferred', 'strategic') AND result IN ('registered', 'certified', 'preferred', 'strategic')),
  CONSTRAINT tier_evaluations_points CHECK (points BETWEEN 0 AND 100),
  CONSTRAINT tier_evaluations_quiet CHECK (NOT (shadow AND warned)),
  CONSTRAINT tier_evaluations_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id),
  CONSTRAINT tier_evaluations_formula FOREIGN KEY (province_id, formula_id) REFERENCES tier_formulas (province_id, id)
);
CREATE INDEX tier_evaluations_of_formula ON tier_evaluations (province_id, formula_id, quarter);
CALL secure('tier_evaluations', 'path', 'owner', 'SELECT, INSERT');
REVOKE INSERT ON tier_evaluations FROM portal_partner, portal_operator;
REVOKE DELETE ON tier_evaluations FROM portal_system;

-- From one tier to another: proposed by the quarter's figures or by a person,
-- decided by somebody else.
CREATE TABLE tier_moves (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_name text NOT NULL, quarter text COLLATE "C" NOT NULL, evaluation_id uuid,
  from_tier text NOT NULL, to_tier text NOT NULL, state text NOT NULL DEFAULT 'proposed', note text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  made_by_name text NOT NULL, makers uuid[] NOT NULL DEFAULT '{}', made_at timestamptz NOT NULL, due_at timestamptz NOT NULL, decided_by uuid, decided_by_name text NOT NULL DEFAULT '', deciders uuid[] NOT NULL DEFAULT '{}', decided_at timestamptz,
  version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL,
  CONSTRAINT tier_moves_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT tier_moves_tiers CHECK (from_tier <> to_tier AND from_tier IN ('registered', 'certified', 'preferred', 'strategic') AND to_tier IN ('registered', 'certified', 'preferred', 'strategic')),
  CONSTRAINT tier_moves_state CHECK (state IN ('proposed', 'accepted', 'declined', 'lapsed')),
  CONSTRAINT tier_moves_decided CHECK ((state IN ('accepted', 'declined')) = (decided_by IS NOT NULL)),
  CONSTRAINT tier_moves_duties_apart CHECK ((decided_by IS NULL OR decided_by = ANY (deciders)) AND NOT makers && deciders),
  CONSTRAINT tier_moves_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id),
  CONSTRAINT tier_moves_evaluation FOREIGN KEY (province_id, evaluation_id) REFERENCES tier_evaluations (province_id, id)
);
CREATE UNIQUE INDEX tier_moves_open_once ON tier_moves (province_id, partner_id) WHERE state = 'proposed';
CREATE INDEX tier_moves_by_updated ON tier_moves (province_id, updated_at DESC, id);
CALL secure('tier_moves', 'path', 'owner');
REVOKE INSERT, UPDATE ON tier_moves FROM portal_partner;
REVOKE DELETE ON tier_moves FROM portal_system;

-- The figures are asked by firm.
CREATE INDEX orders_of_supplier ON orders (province_id, supplier_id);
CREATE INDEX certificates_of_partner ON certificates (province_id, partner_id);
-- +goose Down
