-- +goose Up
-- A firm that is suspended or terminated is so for its people too.
UPDATE tenants t SET state = 'suspended' FROM partners p WHERE p.province_id = t.province_id AND p.id = t.id AND p.state IN ('suspended', 'terminated');
-- +goose Down
