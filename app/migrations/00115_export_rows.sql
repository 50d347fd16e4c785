-- +goose Up
-- Which customers a workbook names, kept for seats that see fewer than their
-- company: once one of them is out of sight, the workbook is made anew.
ALTER TABLE exports ADD COLUMN held uuid[] NOT NULL DEFAULT '{}';
-- +goose Down
ALTER TABLE exports DROP COLUMN held;
