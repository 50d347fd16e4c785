-- +goose Up
-- What hangs on a customer is narrowed to a seat's districts as the customer is.
-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['account_contacts', 'account_targets', 'account_duplicates', 'account_merges', 'accuracy_records'] LOOP
    EXECUTE format('CREATE POLICY of_seat ON %I AS RESTRICTIVE FOR SELECT TO portal_seat USING (seat_covers(split_part(org_path, ''/'', 3)))', tab);
  END LOOP;
END $$;
-- +goose StatementEnd
-- +goose Down
