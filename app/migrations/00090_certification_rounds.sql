-- +goose Up
-- What the portal itself says of a check, in both languages.
ALTER TABLE certification_checks ADD COLUMN said jsonb NOT NULL DEFAULT '{}';
-- +goose Down
