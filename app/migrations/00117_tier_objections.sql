-- +goose Up
-- A version of the formula runs silently until the quarter in which it was
-- drafted is over and firms had time to object; those drafted before this were
-- free of it.
ALTER TABLE tier_formulas ADD COLUMN quarter text COLLATE "C" NOT NULL DEFAULT '', ADD COLUMN ripe_at timestamptz;
UPDATE tier_formulas SET ripe_at = made_at;
ALTER TABLE tier_formulas ALTER COLUMN ripe_at SET NOT NULL;

-- What a firm has against a formula on trial, and what the province answers.
CREATE TABLE tier_objections (
  province_id uuid NOT NULL, id uuid NOT NULL, formula_id uuid NOT NULL, formula_number int NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, partner_name text NOT NULL,
  state text NOT NULL DEFAULT 'open', reason text NOT NULL, answer text NOT NULL DEFAULT '',
  made_by_name text NOT NULL, made_at timestamptz NOT NULL, due_at timestamptz NOT NULL, answered_by uuid, answered_by_name text NOT NULL DEFAULT '', answered_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  CONSTRAINT tier_objections_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT tier_objections_state CHECK (state IN ('open', 'upheld', 'dismissed', 'withdrawn', 'lapsed')),
  CONSTRAINT tier_objections_answered CHECK ((state IN ('upheld', 'dismissed')) = (answered_by IS NOT NULL) AND (answered_by IS NULL OR answer <> '')),
  CONSTRAINT tier_objections_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id),
  CONSTRAINT tier_objections_formula FOREIGN KEY (province_id, formula_id) REFERENCES tier_formulas (province_id, id)
);
CREATE UNIQUE INDEX tier_objections_once ON tier_objections (province_id, formula_id, partner_id) WHERE state <> 'withdrawn';
CALL secure('tier_objections', 'path', 'owner');
REVOKE INSERT ON tier_objections FROM portal_partner, portal_operator;
REVOKE UPDATE ON tier_objections FROM portal_partner;
REVOKE DELETE ON tier_objections FROM portal_system;
-- +goose Down
DROP TABLE tier_objections;
ALTER TABLE tier_formulas DROP COLUMN quarter, DROP COLUMN ripe_at;
