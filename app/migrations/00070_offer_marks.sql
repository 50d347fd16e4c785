-- +goose Up
-- What a person keeps of the marketplace: solutions marked as favourites, and
-- when one was looked at last. By solution, so that it outlives a listing.
CREATE TABLE offer_marks (
  province_id uuid NOT NULL, tenant_id uuid NOT NULL, user_id uuid NOT NULL, solution_id uuid NOT NULL, favourite_at timestamptz, seen_at timestamptz,
  CONSTRAINT offer_marks_pkey PRIMARY KEY (province_id, tenant_id, user_id, solution_id)
);
CREATE INDEX offer_marks_seen ON offer_marks (province_id, tenant_id, user_id, seen_at DESC);
CALL secure('offer_marks', 'tenant', 'tenant', 'SELECT, INSERT, UPDATE, DELETE');
-- +goose Down
