-- +goose Up
ALTER TABLE function_elements ADD COLUMN cities text[] NOT NULL DEFAULT '{}';

-- How many deliveries a firm takes at once; nobody says means no limit. Orders
-- are counted against it one after the other.
CREATE TABLE delivery_capacities (
  province_id uuid NOT NULL, partner_id uuid NOT NULL, most int, set_by_name text NOT NULL, set_at timestamptz NOT NULL, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT delivery_capacities_pkey PRIMARY KEY (province_id, partner_id),
  CONSTRAINT delivery_capacities_most CHECK (most BETWEEN 0 AND 10000)
);
CALL secure('delivery_capacities', 'province', 'owner');
ALTER TABLE orders ADD COLUMN deliverer_id uuid;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries NO FORCE ROW LEVEL SECURITY;
UPDATE orders o SET deliverer_id = coalesce((SELECT d.partner_id FROM deliveries d WHERE d.province_id = o.province_id AND d.order_id = o.id), o.supplier_id);
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
ALTER TABLE orders ALTER COLUMN deliverer_id SET NOT NULL;
CREATE INDEX orders_being_delivered ON orders (province_id, deliverer_id) WHERE state IN ('submitted', 'accepted', 'provisioning');
-- +goose Down
DROP INDEX orders_being_delivered;
ALTER TABLE orders DROP COLUMN deliverer_id;
DROP TABLE delivery_capacities;
ALTER TABLE function_elements DROP COLUMN cities;
