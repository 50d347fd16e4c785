-- +goose Up
-- A listing may be approved for a day to come; one that was taken off sale for
-- good says until when running services are supported, and what comes instead.
ALTER TABLE listings ADD COLUMN publish_on date, ADD COLUMN support_until date, ADD COLUMN successor_id uuid, ADD COLUMN told text[] NOT NULL DEFAULT '{}',
  DROP CONSTRAINT listings_state,
  ADD CONSTRAINT listings_state CHECK (state IN ('draft', 'pending_approval', 'scheduled', 'live', 'suspended', 'retired')),
  ADD CONSTRAINT listings_publish_on CHECK (state <> 'scheduled' OR publish_on IS NOT NULL),
  ADD CONSTRAINT listings_support CHECK (support_until IS NULL OR state = 'retired'),
  ADD CONSTRAINT listings_successor FOREIGN KEY (province_id, successor_id) REFERENCES solutions (province_id, id);
CREATE INDEX listings_scheduled ON listings (province_id, publish_on) WHERE state = 'scheduled';
CREATE INDEX listings_supported ON listings (province_id, solution_id, support_until) WHERE support_until IS NOT NULL;
ALTER TABLE services ADD COLUMN support_until date, ADD COLUMN successor text NOT NULL DEFAULT '';

-- Who may look at an offer before it is on sale: the people of a city, until a
-- day. org_path is the city's.
CREATE TABLE listing_previews (
  province_id uuid NOT NULL, listing_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, city_name text NOT NULL, until date NOT NULL, by_name text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT listing_previews_pkey PRIMARY KEY (province_id, listing_id, org_path),
  CONSTRAINT listing_previews_listing FOREIGN KEY (province_id, listing_id) REFERENCES listings (province_id, id)
);
CALL secure('listing_previews', 'path', 'none');
-- +goose Down
DROP TABLE listing_previews;
ALTER TABLE services DROP COLUMN support_until, DROP COLUMN successor;
DROP INDEX listings_scheduled;
DROP INDEX listings_supported;
ALTER TABLE listings DROP CONSTRAINT listings_successor, DROP CONSTRAINT listings_support, DROP CONSTRAINT listings_publish_on, DROP COLUMN publish_on, DROP COLUMN support_until, DROP COLUMN successor_id, DROP COLUMN told;
