-- +goose Up
-- Protection of a deal nobody moves decays; progress gives it back.
ALTER TABLE deals ADD COLUMN progressed_at timestamptz, ADD COLUMN full_until timestamptz, ADD COLUMN reminded int NOT NULL DEFAULT 0;
ALTER TABLE deals NO FORCE ROW LEVEL SECURITY;
UPDATE deals SET progressed_at = updated_at WHERE state = 'protected';
ALTER TABLE deals FORCE ROW LEVEL SECURITY;
-- +goose Down
ALTER TABLE deals DROP COLUMN progressed_at, DROP COLUMN full_until, DROP COLUMN reminded;
