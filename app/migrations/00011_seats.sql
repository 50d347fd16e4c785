-- +goose Up
-- An operator who sees less than the tenant's part of the tree takes a role of
-- its own: it has all policies of portal_operator, and these that take away.
-- They are restrictive, so no policy becomes an OR of scopes, and whoever sees
-- the whole tenant does not pay for them.
-- +goose StatementBegin
DO $$
BEGIN
  BEGIN
    CREATE ROLE portal_seat NOSUPERUSER NOBYPASSRLS INHERIT;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  BEGIN
    GRANT portal_operator TO portal_seat;
    GRANT portal_seat TO portal;
  EXCEPTION WHEN unique_violation OR internal_error THEN NULL;
  END;
END $$;
-- +goose StatementEnd

CREATE FUNCTION seat_owns(owner uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT current_setting('app.seat', true) IN ('', coalesce(owner::text, current_setting('app.seat', true))) $$;
CREATE FUNCTION seat_covers(district text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT current_setting('app.districts', true) = '' OR district = ANY (string_to_array(current_setting('app.districts', true), ',')) $$;

CREATE POLICY of_seat ON accounts AS RESTRICTIVE FOR SELECT TO portal_seat USING (seat_owns(owner_id) AND seat_covers(district_code));
-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['account_grants', 'deals', 'quotes', 'orders', 'deliveries', 'services', 'account_looks', 'audit_events'] LOOP
    EXECUTE format('CREATE POLICY of_seat ON %I AS RESTRICTIVE FOR SELECT TO portal_seat USING (seat_covers(split_part(org_path, ''/'', 3)))', tab);
  END LOOP;
END $$;
-- +goose StatementEnd

-- A partner's grant ends for the database as it ends for the application, by
-- the application's clock. Who ends it sees it to the end of the transaction.
CREATE FUNCTION this_moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('app.now', true), '')::timestamptz $$;
CREATE POLICY of_time ON account_grants AS RESTRICTIVE FOR SELECT TO portal_partner
  USING (coalesce(ended_at, this_moment()) BETWEEN this_moment() AND this_moment() + interval '1 minute' AND starts_at <= this_moment() AND coalesce(ends_at, 'infinity') > this_moment());
-- +goose Down
