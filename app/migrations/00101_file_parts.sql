-- +goose Up
-- A large file is sent in parts: the store's name of the upload stands here
-- until it is whole, so it can go on another day.
ALTER TABLE files ADD COLUMN upload text NOT NULL DEFAULT '', ADD COLUMN parts int NOT NULL DEFAULT 0;
CREATE INDEX files_under_way ON files (province_id, created_at) WHERE state = 'pending';
-- +goose Down
DROP INDEX files_under_way;
ALTER TABLE files DROP COLUMN upload, DROP COLUMN parts;
