-- +goose Up
-- What suppliers were told of a customer goes with the reason it was told for.
ALTER TABLE deliveries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
UPDATE deliveries d SET contact_name = '', contact_phone = '', address = '' FROM orders o
  WHERE o.province_id = d.province_id AND o.id = d.order_id AND o.state IN ('ended', 'cancelled');
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;
-- +goose Down
