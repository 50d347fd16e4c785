-- +goose Up
-- How few and how many units an element comes in, and the rules between the
-- elements of a version.
ALTER TABLE function_elements ADD COLUMN min_units bigint NOT NULL DEFAULT 0, ADD COLUMN default_units bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT function_elements_units CHECK (min_units >= 0 AND default_units >= 0 AND (max_units = 0 OR greatest(min_units, 1) <= max_units));
ALTER TABLE solution_versions ADD COLUMN menu jsonb NOT NULL DEFAULT '{}';
-- +goose Down
ALTER TABLE solution_versions DROP COLUMN menu;
ALTER TABLE function_elements DROP COLUMN min_units, DROP COLUMN default_units;
