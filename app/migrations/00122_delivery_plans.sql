-- +goose Up
-- What the SI does for an order, step by step; what is not delivered when the
-- rest is accepted goes on as an order of its own, under the same quote.
ALTER TABLE deliveries ADD COLUMN plan jsonb NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN missing text[] NOT NULL DEFAULT '{}', ADD COLUMN part int NOT NULL DEFAULT 1;
ALTER TABLE orders DROP CONSTRAINT orders_quote_once;
ALTER TABLE orders ADD CONSTRAINT orders_quote_once UNIQUE (province_id, quote_id, part);
CREATE INDEX orders_open ON orders (province_id, state, due_on, id) WHERE state IN ('submitted', 'accepted', 'provisioning', 'delivered');

-- The last day of the term; the service runs on after it, month by month.
ALTER TABLE services ADD COLUMN ends_on date, ADD COLUMN reminded int NOT NULL DEFAULT 0;
ALTER TABLE services NO FORCE ROW LEVEL SECURITY;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
UPDATE services s SET ends_on = ((s.active_at AT TIME ZONE 'Asia/Shanghai')::date + make_interval(months => o.term_months))::date - 1
  FROM orders o WHERE o.province_id = s.province_id AND o.id = s.order_id;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
ALTER TABLE services FORCE ROW LEVEL SECURITY;
ALTER TABLE services ALTER COLUMN ends_on SET NOT NULL;
CREATE INDEX services_ending ON services (province_id, ends_on) WHERE state <> 'ended';
-- +goose Down
DROP INDEX services_ending;
ALTER TABLE services DROP COLUMN ends_on, DROP COLUMN reminded;
DROP INDEX orders_open;
ALTER TABLE orders DROP CONSTRAINT orders_quote_once;
ALTER TABLE orders ADD CONSTRAINT orders_quote_once UNIQUE (province_id, quote_id);
ALTER TABLE orders DROP COLUMN missing, DROP COLUMN part;
ALTER TABLE deliveries DROP COLUMN plan;
