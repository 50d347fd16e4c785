-- +goose Up
-- A firm that is suspended or terminated is so for its people too.
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE partners NO FORCE ROW LEVEL SECURITY;
UPDATE tenants t SET state = 'suspended' FROM partners p WHERE p.province_id = t.province_id AND p.id = t.id AND p.state IN ('suspended', 'terminated');
ALTER TABLE partners FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
-- +goose Down
