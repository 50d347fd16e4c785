-- +goose Up
-- A listing is of a whole city: a seat of some districts neither sees nor
-- decides it.
-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['listings', 'listing_previews', 'review_requests'] LOOP
    EXECUTE format('CREATE POLICY of_seat ON %I AS RESTRICTIVE FOR SELECT TO portal_seat USING (CASE WHEN seat_covers(split_part(org_path, ''/'', 3)) THEN 1 ELSE 0 END <> 0)', tab);
  END LOOP;
END $$;
-- +goose StatementEnd
-- +goose Down
DROP POLICY of_seat ON listings;
DROP POLICY of_seat ON listing_previews;
DROP POLICY of_seat ON review_requests;
