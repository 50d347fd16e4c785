-- +goose Up
-- An order that is changed before its delivery begins is replaced by another, in
-- one step with its cancellation.
ALTER TABLE quotes ADD COLUMN replaces_id uuid, ADD COLUMN replaces_number text NOT NULL DEFAULT '', ADD COLUMN replaces_fen bigint NOT NULL DEFAULT 0;
-- +goose Down
ALTER TABLE quotes DROP COLUMN replaces_id, DROP COLUMN replaces_number, DROP COLUMN replaces_fen;
