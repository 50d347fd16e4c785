-- +goose Up
-- With which sight a workbook was made; whoever sees less since makes it anew.
ALTER TABLE exports ADD COLUMN sight text NOT NULL DEFAULT '';
-- +goose Down
ALTER TABLE exports DROP COLUMN sight;
