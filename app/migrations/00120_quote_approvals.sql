-- +goose Up
-- A discount past the seller's own limit is asked of one level after the other;
-- what was approved holds for lines that a later form leaves as they are.
ALTER TABLE quotes ADD COLUMN approval text NOT NULL DEFAULT '', ADD CONSTRAINT quotes_approval CHECK (approval IN ('', 'pending', 'approved', 'returned'));
CREATE TABLE quote_approvals (
  province_id uuid NOT NULL, id uuid NOT NULL, quote_id uuid NOT NULL, revision int NOT NULL, level text NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, state text NOT NULL,
  lines jsonb NOT NULL, discount_ppm bigint NOT NULL, total_fen bigint NOT NULL, makers uuid[] NOT NULL, made_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
  decided_by uuid, decided_by_name text NOT NULL DEFAULT '', deciders uuid[] NOT NULL DEFAULT '{}', reason text NOT NULL DEFAULT '', decided_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT quote_approvals_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT quote_approvals_once UNIQUE (province_id, quote_id, revision, level),
  CONSTRAINT quote_approvals_level CHECK (level IN ('city', 'province')),
  CONSTRAINT quote_approvals_state CHECK (state IN ('waiting', 'pending', 'approved', 'returned')),
  CONSTRAINT quote_approvals_decided CHECK ((state IN ('approved', 'returned')) = (decided_by IS NOT NULL) AND (decided_by IS NULL OR decided_by = ANY (deciders)) AND NOT makers && deciders),
  CONSTRAINT quote_approvals_revision FOREIGN KEY (province_id, quote_id, revision) REFERENCES quote_revisions (province_id, quote_id, number)
);
CREATE INDEX quote_approvals_pending ON quote_approvals (province_id, level) WHERE state = 'pending';
CALL secure('quote_approvals', 'path', 'owner');
REVOKE UPDATE ON quote_approvals FROM portal_partner;
REVOKE DELETE ON quote_approvals FROM portal_system;
-- +goose Down
DROP TABLE quote_approvals;
ALTER TABLE quotes DROP COLUMN approval;
