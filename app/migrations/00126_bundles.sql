-- +goose Up
-- A named set of elements of several solutions, cheaper together: what is off is
-- shared among the elements, so each supplier's order stands by itself.
CREATE TABLE bundles (
  province_id uuid NOT NULL, id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, name text NOT NULL, summary text NOT NULL DEFAULT '', ppm bigint NOT NULL, items jsonb NOT NULL, state text NOT NULL, reason text NOT NULL DEFAULT '',
  made_by uuid NOT NULL, made_by_name text NOT NULL, made_at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT bundles_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT bundles_state CHECK (state IN ('active', 'ended')),
  CONSTRAINT bundles_ppm CHECK (ppm BETWEEN 0 AND 500000)
);
CALL secure('bundles', 'scope', 'scope');
REVOKE DELETE ON bundles FROM portal_system;
ALTER TABLE quotes ADD COLUMN bundle_id uuid, ADD COLUMN bundle_name text NOT NULL DEFAULT '', ADD COLUMN bundle_set uuid;
CREATE INDEX quotes_of_bundle ON quotes (province_id, bundle_set) WHERE bundle_set IS NOT NULL;
-- +goose Down
ALTER TABLE quotes DROP COLUMN bundle_id, DROP COLUMN bundle_name, DROP COLUMN bundle_set;
DROP TABLE bundles;
