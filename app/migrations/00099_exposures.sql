-- +goose Up
-- How much a firm may have open at once: the level follows from what it has
-- proved and from what went wrong lately. No row is the lowest.
CREATE TABLE exposures (
  province_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, level int NOT NULL, evidence jsonb NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT exposures_pkey PRIMARY KEY (province_id, partner_id),
  CONSTRAINT exposures_level CHECK (level BETWEEN 0 AND 4),
  CONSTRAINT exposures_partner FOREIGN KEY (province_id, partner_id) REFERENCES partners (province_id, id)
);
-- Cities approve listings, so they read how much more a firm may have on sale.
CALL secure('exposures', 'province', 'owner');
REVOKE INSERT, UPDATE ON exposures FROM portal_operator, portal_partner;
-- What a firm has open is counted where the limit is.
CREATE INDEX deals_open_of_partner ON deals (province_id, partner_id) WHERE state IN ('registered', 'under_review', 'protected');
CREATE INDEX orders_open_of_partner ON orders (province_id, partner_id) WHERE state IN ('submitted', 'accepted', 'provisioning', 'delivered');
-- +goose Down
