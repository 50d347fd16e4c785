-- +goose Up
-- Between what prices cities may sell a province listing, in parts per million
-- of the list price; 0 and 0 where no price may differ.
ALTER TABLE listings ADD COLUMN floor_ppm bigint NOT NULL DEFAULT 0, ADD COLUMN ceiling_ppm bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT listings_band CHECK (floor_ppm = 0 AND ceiling_ppm = 0 OR floor_ppm BETWEEN 1 AND 1000000 AND ceiling_ppm BETWEEN 1000000 AND 10000000);
ALTER TABLE offers ADD COLUMN floor_ppm bigint NOT NULL DEFAULT 0, ADD COLUMN ceiling_ppm bigint NOT NULL DEFAULT 0;

-- What a city sells otherwise than the province, and what the province offered
-- when the city last decided. org_path is the city's.
CREATE TABLE overlays (
  province_id uuid NOT NULL, id uuid NOT NULL, listing_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, city_name text NOT NULL, solution_name text NOT NULL,
  prices jsonb NOT NULL, base jsonb NOT NULL, base_semver text NOT NULL, files jsonb NOT NULL, deliverer_id uuid, deliverer_name text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '',
  drifted_at timestamptz, due_at timestamptz, late boolean NOT NULL DEFAULT false, by_id uuid NOT NULL, by_name text NOT NULL, version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT overlays_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT overlays_once UNIQUE (province_id, listing_id, org_path),
  CONSTRAINT overlays_drift CHECK ((drifted_at IS NULL) = (due_at IS NULL) AND (drifted_at IS NOT NULL OR NOT late)),
  CONSTRAINT overlays_listing FOREIGN KEY (province_id, listing_id) REFERENCES listings (province_id, id)
);
CREATE INDEX overlays_by_updated ON overlays (province_id, updated_at DESC, id);
CREATE INDEX overlays_drifting ON overlays (province_id, due_at) WHERE drifted_at IS NOT NULL;
CALL secure('overlays', 'path', 'owner', 'SELECT, INSERT, UPDATE, DELETE');
REVOKE INSERT, UPDATE, DELETE ON overlays FROM portal_partner;

-- What of it holds now, beside the offers it changes and seen by whoever sees
-- what is on sale in the city.
CREATE TABLE local_offers (
  province_id uuid NOT NULL, offer_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, city_name text NOT NULL, prices jsonb NOT NULL, files jsonb NOT NULL, deliverer_id uuid, deliverer_name text NOT NULL DEFAULT '',
  CONSTRAINT local_offers_pkey PRIMARY KEY (province_id, offer_id, org_path)
);
CALL secure('local_offers', 'scope', 'scope', 'SELECT, INSERT, UPDATE, DELETE');
REVOKE INSERT, UPDATE, DELETE ON local_offers FROM portal_partner;
-- +goose Down
DROP TABLE local_offers;
DROP TABLE overlays;
ALTER TABLE offers DROP COLUMN floor_ppm, DROP COLUMN ceiling_ppm;
ALTER TABLE listings DROP CONSTRAINT listings_band, DROP COLUMN floor_ppm, DROP COLUMN ceiling_ppm;
